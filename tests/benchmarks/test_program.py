# SPDX-License-Identifier: Apache-2.0
"""The program on real photographs: rows, counters and rankings as the design says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Outcome, Program
from safetensors import safe_open

STEPS = ("load_model", "load_data", "data_to_device", "inference", "score", "other")
QUICK = ("--devices=cpu", "--batch_sizes=8", "--batches=3", "--warmup_batches=1", "--threads=2")


@pytest.fixture(scope="module")
def features_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("features")


@pytest.fixture(scope="module")
def search(program: Program, photographs: Path, features_folder: Path) -> Outcome:
    """The main job for two candidates in two configurations and the modes with exclusive steps."""
    return program.run(
        *QUICK,
        f"--data_dir={photographs}",
        f"--features_dir={features_folder}",
        "--steps=EndToEnd",
        "--architectures=resnet18,resnet34",
        "--configurations=full,last_3",
        "--modes=serial,prefetch",
        "--decoders=stb",
        "--workers=2",
    )


def test_every_combination_is_a_row_without_an_error(search: Outcome) -> None:
    assert search.code == 0, search.stderr
    names = [row["name"] for row in search.rows]
    assert len(names) == 8
    assert (
        "EndToEnd/resnet18/last_3/cpu/cache=host/decoder=stb/mode=serial/threads=2/workers=2"
        "/batch:8/manual_time" in names
    )
    assert not any(row.get("error_occurred") for row in search.rows)


def test_the_steps_add_up_to_the_elapsed_time(search: Outcome) -> None:
    for row in search.rows:
        total = sum(row[step] for step in STEPS)
        assert total == pytest.approx(row["end_to_end"], rel=1e-6)
        assert row["real_time"] == pytest.approx(1e3 * row["end_to_end"], rel=1e-6)
        assert all(row[step] >= 0 for step in STEPS), row
        assert row["extract_seconds"] <= row["end_to_end"]


def test_configurations_of_a_candidate_have_equal_scores(search: Outcome) -> None:
    for subject in ("resnet18", "resnet34"):
        rows = [row for row in search.rows if row["name"].split("/")[1] == subject]
        assert len(rows) == 4
        assert len({row["accuracy"] for row in rows}) == 1
        assert max(row["loss"] for row in rows) - min(row["loss"] for row in rows) < 1e-4


def test_the_ranking_is_printed_best_first(search: Outcome) -> None:
    assert "Ranking of the candidates" in search.stdout
    assert "random weights" in search.stdout
    best = max(search.rows, key=lambda row: (row["accuracy"], -row["loss"]))
    assert f"  1. {best['name'].split('/')[1]} " in search.stdout


def test_features_are_kept_in_the_data_sets_order(
    search: Outcome, features_folder: Path, photographs: Path
) -> None:
    files = sorted(path.name for path in features_folder.iterdir())
    assert files == [
        "resnet18.full.safetensors",
        "resnet18.last_3.safetensors",
        "resnet34.full.safetensors",
        "resnet34.last_3.safetensors",
    ]
    with (
        safe_open(features_folder / files[0], "np") as full,
        safe_open(features_folder / files[1], "np") as tail,
    ):
        a, b = full.get_tensor("features"), tail.get_tensor("features")
        assert a.shape == (40, 512)
        difference = ((a - b) ** 2).sum(1) ** 0.5 / (a**2).sum(1) ** 0.5
        assert difference.max() <= 1e-6
        labels = full.get_tensor("labels")
        assert labels.dtype == "int64"
        assert list(labels) == sorted(labels)
        names = sorted(
            path.relative_to(photographs / "train").as_posix()
            for path in (photographs / "train").rglob("*.JPEG")
        )
        import json

        assert json.loads(full.metadata()["items"]) == names
        assert full.metadata()["weights"].startswith("random")
        assert "pillow_13" in full.metadata()["input"]


def test_tails_say_what_their_cache_cost(search: Outcome) -> None:
    for row in search.rows:
        if "/last_3/" in row["name"]:
            assert row["build_cache"] > 0
            assert row["bytes_per_item"] > 0
            assert 0 < row["macs_share"] < 1
        else:
            assert "build_cache" not in row
            assert row["macs_share"] == 1


def test_the_context_says_what_the_numbers_depend_on(search: Outcome) -> None:
    for key in (
        "libtorch_version",
        "git_revision",
        "harness_build_type",
        "cpu_model",
        "cores_allowed",
        "data_identity",
        "data_preprocessing",
        "weights_resnet18",
        "seed",
        "precision",
        "page_cache",
    ):
        assert search.context[key], key
    assert search.context["data_images"] == "40"


def test_every_step_has_rows_with_statistics(program: Program, photographs: Path) -> None:
    outcome = program.run(
        *QUICK,
        f"--data_dir={photographs}",
        "--architectures=resnet18",
        "--configurations=full,last_1",
        "--steps=LoadModel,LoadData,Inference,WriteActivations,Score",
        "--classes=0,2",
        "--workers=1,2",
    )
    assert outcome.code == 0, outcome.stderr
    by_step: dict[str, list[dict]] = {}
    for row in outcome.rows:
        by_step.setdefault(row["name"].split("/")[0], []).append(row)
    assert {step: len(rows) for step, rows in by_step.items()} == {
        "LoadModel": 2,
        "LoadData": 2,
        "Inference": 2,
        "WriteActivations": 1,
        "Score": 2,
    }
    for row in outcome.rows:
        assert row["batches"] == 2
        assert 0 < row["p50"] <= row["p99"]
        assert row["real_time"] > 0
    inference = {row["name"].split("/")[2]: row for row in by_step["Inference"]}
    assert inference["full"]["macs"] > inference["last_1"]["macs"] > 0
    assert inference["full"]["params"] == 11_176_512
    own, synthetic = by_step["Score"]
    assert "accuracy" in own
    assert "accuracy" not in synthetic


def test_synthetic_features_have_the_size_that_the_name_says(
    program: Program, photographs: Path
) -> None:
    outcome = program.run(
        *QUICK, f"--data_dir={photographs}", "--architectures=resnet18", "--steps=Score",
        "--classes=4", "--feature_sizes=200x32,100x48", "--probes=linear",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    rows = {re.search(r"features=(\w+)", row["name"])[1]: row for row in outcome.rows}
    for size, (items, width) in {"200x32": (200, 32), "100x48": (100, 48)}.items():
        assert rows[size]["feature_width"] == width
        assert rows[size]["feature_bytes"] == 4 * items * width
        assert rows[size]["train_items"] == 0.8 * items
        assert rows[size]["classes"] == 4
        assert 0 < rows[size]["accuracy"] <= 1


def test_prepared_tensors_are_the_photographs_in_their_order(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    scores = {}
    for data in ("jpeg", "tensors"):
        outcome = program.run(
            *QUICK,
            f"--data_dir={photographs}",
            f"--features_dir={tmp_path / data}",
            "--steps=EndToEnd",
            "--architectures=resnet18",
            "--configurations=full",
            "--modes=serial",
            f"--data={data}",
        )
        assert outcome.code == 0, outcome.stderr
        assert ("data=tensors" in outcome.rows[0]["name"]) == (data == "tensors")
        with safe_open(tmp_path / data / "resnet18.full.safetensors", "np") as file:
            scores[data] = (
                file.get_tensor("features").tolist(),
                file.get_tensor("labels").tolist(),
                file.metadata()["items"],
                outcome.rows[0]["loss"],
            )
    assert scores["jpeg"] == scores["tensors"]


def test_random_resnet18_beats_chance_on_the_default_data_set(program: Program) -> None:
    outcome = program.run(
        *QUICK, "--steps=EndToEnd", "--architectures=resnet18", "--configurations=full",
        "--modes=serial", "--items=200",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    assert outcome.rows[0]["accuracy"] >= 0.3  # ten classes: chance is 0.1
    assert outcome.context["data_images"] == "500"


def test_repetitions_with_a_failing_combination_end_normally(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    outcome = program.run(
        *QUICK,
        f"--data_dir={photographs}",
        f"--weights_dir={tmp_path}",
        "--steps=LoadModel,LoadData",
        "--architectures=resnet18",
        "--configurations=full",
        "--benchmark_repetitions=4",
    )
    assert outcome.code == 1
    failed = [row for row in outcome.rows if row.get("error_occurred")]
    assert failed and all("resnet18.safetensors" in row["error_message"] for row in failed)
    assert any(row["name"].startswith("LoadData") for row in outcome.rows if row not in failed)


def test_equal_cuts_are_measured_once_and_shown_twice(program: Program, photographs: Path) -> None:
    outcome = program.run(
        *QUICK,
        f"--data_dir={photographs}",
        "--steps=Inference",
        "--architectures=resnet18",
        "--configurations=last_4,last_50pct",
    )
    assert outcome.code == 0, outcome.stderr
    first, second = outcome.rows
    assert "label" not in first
    assert second["label"] == "same_cut_as=last_4"
    assert first["real_time"] == second["real_time"]
