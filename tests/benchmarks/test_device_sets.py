# SPDX-License-Identifier: Apache-2.0
"""One Search or EndToEnd on a set of devices gives what one device gives."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from search_zoo import CHILDREN, Search, Zoo, distance, done, label, read_features

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Outcome, Program

# Each of the two parts of the CPU then computes with one thread, as the row on one device.
SET = ("--devices=cpu:2", "--threads=2")


def without_devices(zoo: Zoo, folder: Path) -> list[str]:
    return [flag for flag in zoo.flags(folder) if not flag.startswith(("--devices=", "--threads="))]


def on_one_thread(zoo: Zoo, folder: Path, *flags: str) -> Search:
    return done(
        zoo.program.run(*without_devices(zoo, folder), "--devices=cpu", "--threads=1", *flags),
        folder,
    )


def on_set(zoo: Zoo, folder: Path, *flags: str) -> Search:
    return done(zoo.program.run(*without_devices(zoo, folder), *SET, *flags), folder)


def equal_features(found: Search, expected: Search) -> None:
    assert set(found.features) == set(expected.features)
    for name, features in found.features.items():
        assert found.items[name] == expected.items[name]
        assert np.array_equal(features, expected.features[name]), name


@pytest.mark.parametrize(("plan", "budget"), [("shared", "all"), ("shared", "halving"),
                                              ("decode_once", "all")])  # fmt: skip
def test_a_search_on_two_devices_gives_what_one_gives(
    zoo: Zoo, tmp_path: Path, plan: str, budget: str
) -> None:
    flags = (f"--plans={plan}", f"--budgets={budget}")
    one = on_one_thread(zoo, tmp_path / "one", *flags)
    two = on_set(zoo, tmp_path / "two", *flags)
    assert two.ranking == one.ranking
    equal_features(two, one)
    for place in range(len(CHILDREN)):
        assert two.row[f"loss{place}"] == pytest.approx(one.row[f"loss{place}"], rel=1e-5)
    assert two.row["name"].split("/")[2] == "cpu:2"
    assert label(two.row)["devices"] == "cpu.0,cpu.1"
    assert two.row["devices"] == 2
    assert two.row["failed_devices"] == 0
    for device in (0, 1):
        assert two.row[f"device_seconds{device}"] > 0
        assert 0 <= two.row[f"device_idle{device}"] < 1
    assert two.row["busy_inference"] == pytest.approx(
        (two.row["device_seconds0"] + two.row["device_seconds1"]) / 2
    )
    # All devices have run before the search, as they do in it.
    assert two.row["first_devices_seconds"] > 0
    assert "first_devices_seconds" not in one.row
    assert "devices" not in one.row
    if budget == "all":
        # What leads to the subtrees of both is computed by both.
        assert two.row["item_blocks"] >= one.row["item_blocks"]
        assert two.row["predicted_inference"] < one.row["predicted_inference"] * 4
    if plan == "shared":
        assert two.row["plan_distance"] <= 1e-5


def test_all_threads_of_one_device_give_nearly_the_same(
    zoo: Zoo, searches: dict[tuple[str, str], Search], tmp_path: Path
) -> None:
    two = on_set(zoo, tmp_path)
    one = searches["shared", "all"]  # With two threads.
    assert two.ranking == one.ranking
    for name, features in two.features.items():
        assert distance(features, one.features[name]) <= 1e-5, name


@pytest.mark.parametrize("bound", ["2MB", "30MB"])
def test_several_devices_share_the_bound_of_memory(
    zoo: Zoo, searches: dict[tuple[str, str], Search], tmp_path: Path, bound: str
) -> None:
    two = on_set(zoo, tmp_path, f"--host_cache={bound}")
    assert two.ranking == searches["shared", "all"].ranking
    if two.row["planned_device_bytes"] <= int(bound[:-2]) * 1e6 / 2:
        held = two.row["peak_waiting_bytes"] + two.row["peak_network_bytes"]
        assert held <= int(bound[:-2]) * 1e6


@pytest.mark.parametrize(("device", "budget"), [(0, "all"), (1, "halving")])
def test_a_device_that_fails_leaves_its_subtrees_to_the_other(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: int, budget: str
) -> None:
    # Each round has two batches: a device fails at its second one.
    flags = (f"--budgets={budget}", "--batch_sizes=2")

    def run(folder: Path, *devices: str) -> Outcome:
        kept = [f for f in without_devices(zoo, folder) if not f.startswith("--batch_sizes")]
        return zoo.program.run(*kept, *flags, *devices)

    one = done(run(tmp_path / "one", "--devices=cpu", "--threads=1"), tmp_path / "one")
    monkeypatch.setenv("MODEL_SEARCH_FAULT", f"device_failure={device}:Search/")
    outcome = run(tmp_path / "two", *SET)
    assert outcome.code == 1  # The row is not that of both devices.
    (row,) = outcome.rows
    assert not row.get("error_occurred"), row
    two = Search(row, *read_features(tmp_path / "two"))
    assert two.ranking == one.ranking
    equal_features(two, one)
    assert label(row)["failed_devices"] == f"cpu.{device}"
    assert row["failed_devices"] == 1
    assert row["failed_candidates"] == 0
    assert (
        f"the device cpu.{device} failed and left its candidates to the others: "
        "simulated failure of the device" in outcome.stderr
    )


@pytest.mark.parametrize("device", [0, 1])
def test_a_device_that_cannot_load_leaves_its_candidates_to_the_other(
    zoo: Zoo,
    searches: dict[tuple[str, str], Search],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    device: int,
) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", f"device_load_failure={device}:Search/")
    outcome = zoo.program.run(*without_devices(zoo, tmp_path), *SET)
    assert outcome.code == 1
    (row,) = outcome.rows
    assert not row.get("error_occurred"), row
    assert label(row)["ranking"].split(",") == searches["shared", "all"].ranking
    assert label(row)["failed_devices"] == f"cpu.{device}"
    assert row["failed_candidates"] == 0


def test_a_search_whose_devices_all_fail_is_an_error(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "device_failure=all:Search/")
    outcome = zoo.program.run(*without_devices(zoo, tmp_path), *SET)
    assert outcome.code == 1
    (row,) = outcome.rows
    assert "all devices failed: cpu.0: simulated" in row["error_message"]
    assert "cpu.1: simulated" in row["error_message"]


def end_to_end(zoo: Zoo, folder: Path, *flags: str) -> tuple[dict, int, str]:
    kept = [
        flag
        for flag in without_devices(zoo, folder)
        if not flag.startswith(("--steps", "--candidates", "--batch_sizes"))
    ]
    outcome = zoo.program.run(
        *kept, "--steps=EndToEnd", "--architectures=mobilenet_v2", "--configurations=full",
        "--modes=overlapped", "--batch_sizes=3", *flags,
    )  # fmt: skip
    (row,) = outcome.rows
    return row, outcome.code, outcome.stderr


def test_end_to_end_on_two_devices_gives_what_one_gives(zoo: Zoo, tmp_path: Path) -> None:
    one, code, errors = end_to_end(zoo, tmp_path / "one", "--devices=cpu", "--threads=1")
    assert code == 0, errors
    two, code, errors = end_to_end(zoo, tmp_path / "two", *SET)
    assert code == 0, errors + str(two)
    expected, items = read_features(tmp_path / "one")
    found, same_items = read_features(tmp_path / "two")
    assert items == same_items
    # 16 items are six batches: three for each device, the last one short.
    assert np.array_equal(found["mobilenet_v2"], expected["mobilenet_v2"])
    assert two["loss"] == pytest.approx(one["loss"], rel=1e-5)
    assert two["accuracy"] == one["accuracy"]
    assert two["batches"] == one["batches"] == 6
    assert label(two)["devices"] == "cpu.0,cpu.1"
    assert two["device_seconds0"] > 0
    assert two["device_seconds1"] > 0
    assert two["first_inference_seconds"] > 0
    assert two["end_to_end"] == pytest.approx(
        two["load_model"] + two["extract_seconds"] + two["score"], rel=0.02
    )


@pytest.mark.parametrize("device", [0, 1])
def test_a_device_that_fails_leaves_its_items_to_the_other(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: int
) -> None:
    end_to_end(zoo, tmp_path / "one", "--devices=cpu", "--threads=1")
    monkeypatch.setenv("MODEL_SEARCH_FAULT", f"device_failure={device}:EndToEnd/")
    row, code, errors = end_to_end(zoo, tmp_path / "two", *SET)
    assert code == 1
    assert not row.get("error_occurred"), row
    expected = read_features(tmp_path / "one")[0]["mobilenet_v2"]
    assert np.array_equal(read_features(tmp_path / "two")[0]["mobilenet_v2"], expected)
    assert label(row)["failed_devices"] == f"cpu.{device}"
    assert f"the device cpu.{device} failed and left its items to the others" in errors


def test_an_end_to_end_whose_devices_all_fail_is_an_error(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "device_failure=all:EndToEnd/")
    row, code, _ = end_to_end(zoo, tmp_path, *SET)
    assert code == 1
    assert re.search("all devices failed: cpu.0: .*; cpu.1: ", row["error_message"])


def test_a_set_of_one_device_is_that_device(zoo: Zoo) -> None:
    def listed(devices: str) -> list[str]:
        flags = without_devices(zoo, zoo.folder)
        return zoo.program.run(
            *flags, f"--devices={devices}", "--threads=1", "--benchmark_list_tests"
        ).stdout.split()

    assert listed("cpu:1") == listed("cpu")
    assert listed("cpu,cpu:1") == listed("cpu")
    assert len(listed("cpu,cpu:2")) == 2


def test_a_set_that_is_named_twice_is_one_row(zoo: Zoo) -> None:
    def listed(*devices: str) -> list[str]:
        flags = [*without_devices(zoo, zoo.folder), *devices, "--threads=2"]
        return zoo.program.run(*flags, "--benchmark_list_tests").stdout.split()

    (name,) = listed("--devices=cpu:2")
    assert listed("--devices=cpu:2,cpu:2") == [name]
    assert listed("--devices=cpu:2,cpu:02") == [name]
    assert listed("--devices=cpu:2", "--devices=cpu:2") == [name]


def test_steps_on_one_device_refuse_sets(program: Program) -> None:
    for step in ("LoadModel", "LoadData", "DataToDevice", "Inference", "WriteActivations",
                 "Score", "MaxBatchSize", "Blocks"):  # fmt: skip
        outcome = program.run("--devices=cpu:2", f"--steps={step},Search")
        assert outcome.code == 2, outcome.stderr
        assert f"--devices=cpu:2 is a set of devices, and {step} runs on one" in outcome.stderr
        assert "--steps=Search,EndToEnd" in outcome.stderr


@pytest.mark.parametrize(
    ("devices", "reason"),
    [
        ("cpu:0", "'cpu:0': write the number of parts"),
        ("cpu:two", "as in cpu:2"),
        ("cuda:0+9999", "this machine has: cpu"),
        ("cuda:one", "as in cuda:0+1"),
    ],
)
def test_sets_that_do_not_exist_are_refused(program: Program, devices: str, reason: str) -> None:
    outcome = program.run(f"--devices={devices}", "--steps=Search")
    assert outcome.code == 2
    assert f"--devices={devices}: " in outcome.stderr
    assert reason in outcome.stderr


def test_a_search_that_shares_nothing_runs_on_one_device(zoo: Zoo, tmp_path: Path) -> None:
    outcome = zoo.program.run(*without_devices(zoo, tmp_path), *SET, "--plans=one_by_one")
    assert outcome.code == 1
    assert "plan=one_by_one runs on one device" in outcome.rows[0]["error_message"]


def test_a_trace_has_a_lane_for_each_device(zoo: Zoo, tmp_path: Path) -> None:
    on_set(zoo, tmp_path / "features", f"--trace_dir={tmp_path / 'traces'}")
    (file,) = (tmp_path / "traces").iterdir()
    events = json.loads(file.read_text())["traceEvents"]
    lanes = {e["args"]["name"]: e["tid"] for e in events if e["name"] == "thread_name"}
    computed = {e["tid"] for e in events if e.get("cat") == "inference"}
    assert computed == {lanes["computing"], lanes["computing on cpu.1"]}
