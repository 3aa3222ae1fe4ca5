# SPDX-License-Identifier: Apache-2.0
"""Rows of one network measured in turns, and the batch size that fits all rows."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import Outcome, Program

FLAGS = ("--devices=cpu", "--threads=2", "--steps=Inference", "--batches=8", "--warmup_batches=2")


def test_rows_are_measured_in_rounds(program: Program) -> None:
    outcome = program.run(
        *FLAGS, "--architectures=resnet18,mobilenet_v2", "--configurations=full,last_1,last_12pct",
        "--batch_sizes=1,2", "--interleave", "--seed=7",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    # last_12pct of its 8 blocks and last_1 cut at the same place: measured once.
    resnet = [row for row in outcome.rows if "/resnet18/" in row["name"]]
    other = [row for row in outcome.rows if "/mobilenet_v2/" in row["name"]]
    assert {row["interleaved_with"] for row in resnet} == {3}
    assert {row["interleaved_with"] for row in other} == {5}
    for row in outcome.rows:
        assert row["rounds"] >= row["batches"] == 6
        assert "peak_device_bytes" not in row
    assert outcome.context["option_interleave"] == "on"
    assert outcome.context["seed"] == "7"
    samples = (program.cache / "rows.samples.jsonl").read_text().splitlines()
    by_name = {json.loads(line)["name"]: json.loads(line) for line in samples}
    assert all(len(by_name[row["name"]]["measured"]) == 6 for row in resnet)


def test_the_machine_is_watched_during_the_turns_of_all(program: Program) -> None:
    outcome = program.run(
        "--devices=cpu", "--threads=2", "--steps=Inference", "--architectures=resnet18",
        "--configurations=full,last_1", "--batch_sizes=4", "--batches=22", "--interleave",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    # Longer than the half second from which the load is reported; equal, as all turns share it.
    assert len({row["cpu_others"] for row in outcome.rows}) == 1
    assert len({row["cpu_steal"] for row in outcome.rows}) == 1


def test_a_failure_leaves_the_other_rows(program: Program, monkeypatch) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "out_of_memory:last_1")
    outcome = program.run(
        *FLAGS, "--architectures=resnet18", "--configurations=full,last_1,last_3",
        "--batch_sizes=1", "--interleave",
    )  # fmt: skip
    assert outcome.code == 1
    failed = [row for row in outcome.rows if row.get("error_occurred")]
    assert [row["name"].split("/")[2] for row in failed] == ["last_1"]
    assert {row["interleaved_with"] for row in outcome.rows if row not in failed} == {1}


def test_an_interruption_keeps_all_rows_that_were_measured_in_turns(
    program: Program, tmp_path: Path
) -> None:
    out = tmp_path / "rows.json"
    command = [
        *program.command(out), "--devices=cpu", "--threads=1", "--steps=Inference", "--interleave",
        "--architectures=resnet18,mobilenet_v2", "--configurations=last_1,last_2",
        "--batch_sizes=1", "--batches=10",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 120
    # Made when the first group of rows begins.
    while not out.exists():
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 4, errors
    rows = json.loads(out.read_text())["benchmarks"]
    if "Ended without" in errors:  # A machine so busy that it loses all of them.
        assert not rows
        return
    assert [row["name"].split("/")[1:3] for row in rows] == [
        ["resnet18", "last_1"], ["resnet18", "last_2"]
    ]  # fmt: skip
    assert all(row["interleaved_with"] == 1 for row in rows)


def test_repetitions_do_not_go_with_rounds(program: Program) -> None:
    outcome = program.run(*FLAGS, "--interleave", "--benchmark_repetitions=3")
    assert outcome.code == 2
    assert "--benchmark_repetitions=3" in outcome.stderr


COMMON = (*FLAGS, "--architectures=resnet18,mobilenet_v2", "--configurations=last_1",
          "--batch_sizes=common_max", "--memory_limit=30MB")  # fmt: skip


@pytest.fixture(scope="module")
def common(program: Program) -> Outcome:
    return program.run(*COMMON)


def searches_of(outcome: Outcome, kept: Path) -> Path:
    """Writes a file of which only the searches for the largest batch are left."""
    rows = [row for row in outcome.rows if "max_batch_size" in row]
    kept.write_text(json.dumps({"context": outcome.context, "benchmarks": rows}))
    return kept


def test_the_common_batch_is_the_least_of_the_maxima(common: Outcome) -> None:
    outcome = common
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    found = [row["max_batch_size"] for row in outcome.rows if "max_batch_size" in row]
    rows = [row for row in outcome.rows if row["name"].startswith("Inference/")]
    assert len(found) == len(rows) == 2
    assert all(f"/batch:{min(found):.0f}/" in row["name"] for row in rows)
    assert f"fits all 2 networks on cpu: {min(found):.0f}" in outcome.stdout
    assert "90 % of them" in outcome.stdout
    assert outcome.context["option_batch_sizes"] == "common_max"


def test_a_resumed_run_knows_the_maxima(program: Program, common: Outcome, tmp_path: Path) -> None:
    kept = searches_of(common, tmp_path / "kept.json")
    again = program.run(*COMMON, f"--benchmark_out={kept}", "--resume")
    assert again.code == 0, again.stderr
    names = [row["name"] for row in json.loads(kept.read_text())["benchmarks"]]
    assert sorted(names) == sorted(row["name"] for row in common.rows)
    assert "2 of 4 rows are there already" in again.stderr


def test_a_cpu_without_a_limit_has_no_common_batch(program: Program) -> None:
    outcome = program.run(*FLAGS, "--batch_sizes=common_max")
    assert outcome.code == 2
    assert "--memory_limit" in outcome.stderr


def test_the_mean_of_repetitions_is_no_maximum(program: Program, tmp_path: Path) -> None:
    flags = (*COMMON, "--benchmark_repetitions=2")
    outcome = program.run(*flags)
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    kept = searches_of(outcome, tmp_path / "kept.json")
    again = program.run(*flags, f"--benchmark_out={kept}", "--resume")
    assert again.code == 0, again.stderr
    assert {r["name"] for r in json.loads(kept.read_text())["benchmarks"]} == {
        row["name"] for row in outcome.rows
    }


def test_networks_that_nothing_fits_are_counted_apart(program: Program) -> None:
    outcome = program.run(
        "--devices=cpu", "--threads=2", "--steps=MaxBatchSize", "--configurations=full",
        "--architectures=resnet18,mobilenet_v2", "--memory_limit=40MB",
    )  # fmt: skip
    assert outcome.code == 1
    assert "fits all 1 networks on cpu (for 1 more, none was found): " in outcome.stdout
