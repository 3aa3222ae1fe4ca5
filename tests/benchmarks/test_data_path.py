# SPDX-License-Identifier: Apache-2.0
"""The data path on real photographs: modes, decoders, storage types, cold pages, and damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import Outcome, Program
from safetensors.numpy import load_file

QUICK = (
    "--devices=cpu",
    "--batch_sizes=8",
    "--threads=2",
    "--workers=2",
    "--architectures=resnet18",
)
SEARCH = (*QUICK, "--steps=EndToEnd", "--configurations=full")


def features(folder: Path) -> np.ndarray:
    return load_file(next(folder.glob("*.safetensors")))["features"]


def search(program: Program, photographs: Path, folder: Path, *flags: str) -> Outcome:
    outcome = program.run(*SEARCH, f"--data_dir={photographs}", f"--features_dir={folder}", *flags)
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    return outcome


def test_overlapped_gives_the_features_and_scores_of_serial(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    rows = {}
    for mode in ("serial", "overlapped"):
        outcome = search(program, photographs, tmp_path / mode, f"--modes={mode}")
        rows[mode] = outcome.rows[0]
    assert np.array_equal(features(tmp_path / "serial"), features(tmp_path / "overlapped"))
    serial, overlapped = rows["serial"], rows["overlapped"]
    assert overlapped["accuracy"] == serial["accuracy"]
    assert overlapped["loss"] == serial["loss"]
    assert "load_data" not in overlapped  # shares of steps that overlap would mean nothing
    for step in ("load_data", "data_to_device", "inference"):
        busy, wait = overlapped[f"busy_{step}"], overlapped[f"wait_{step}"]
        assert busy + wait == pytest.approx(overlapped["extract_seconds"], rel=1e-6)
    assert overlapped["label"].startswith("limit=")
    assert 0 < overlapped["limit_fraction"] <= 1
    slowest = max(overlapped[f"alone_{step}"] for step in ("load_data", "inference"))
    assert overlapped["elapsed_over_slowest_alone"] == pytest.approx(
        overlapped["extract_seconds"] / slowest
    )


def test_decoders_give_nearly_the_same_features(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    found = {}
    for decoder in ("stb", "turbojpeg"):
        search(program, photographs, tmp_path / decoder, "--modes=serial", f"--decoders={decoder}")
        found[decoder] = features(tmp_path / decoder).astype(np.float64)
    one, other = found["stb"], found["turbojpeg"]
    spread = np.linalg.norm(other - other.mean(axis=0), axis=1)
    distance = np.linalg.norm(one - other, axis=1) / spread
    assert 0 < distance.max() <= 0.03


@pytest.mark.parametrize("damage", ["truncated", "corrupt"])
def test_a_damaged_photograph_fails_the_rows_of_its_searches_and_no_other(
    program: Program, photographs: Path, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "photographs"
    shutil.copytree(photographs, folder)
    files = sorted((folder / "train").glob("*/*"))
    broken = files[len(files) // 2]
    data = bytearray(broken.read_bytes())
    if damage == "truncated":
        data = data[: len(data) // 2]
    else:
        middle = len(data) // 3
        data[middle : middle + 2] = b"\xff\xd9"  # the image's end, long before its last block
    broken.write_bytes(data)
    outcome = program.run(
        *QUICK, "--steps=Inference,EndToEnd", "--configurations=full", "--batches=2",
        "--warmup_batches=1", "--modes=serial,prefetch,overlapped", "--decoders=turbojpeg",
        f"--data_dir={folder}", "--split=train", timeout=120,
    )  # fmt: skip
    assert outcome.code == 1
    failed = [row for row in outcome.rows if row.get("error_occurred")]
    searches = [row for row in outcome.rows if row["name"].startswith("EndToEnd/")]
    assert len(searches) == 3
    assert all(row in failed for row in searches)
    for row in failed:
        assert str(broken) in row["error_message"]


def test_narrow_storage_halves_the_bytes_and_keeps_the_features(
    program: Program, photographs: Path
) -> None:
    outcome = program.run(
        *QUICK, "--steps=WriteActivations,EndToEnd,LoadData", "--configurations=last_3",
        "--modes=serial", "--storages=float32,float16,bfloat16", "--data=tensors", "--batches=3",
        "--warmup_batches=1", f"--data_dir={photographs}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    for step in ("WriteActivations", "EndToEnd", "LoadData"):
        rows = [row for row in outcome.rows if row["name"].startswith(step + "/")]
        sizes = {row["name"].partition("storage=")[2].split("/")[0]: row for row in rows}
        if step == "EndToEnd":
            continue
        assert sizes["float16"]["bytes_per_item"] * 2 == sizes[""]["bytes_per_item"]
        assert sizes["bfloat16"]["bytes_per_item"] * 2 == sizes[""]["bytes_per_item"]
    tails = program.run(
        *QUICK, "--steps=EndToEnd", "--configurations=last_3", "--modes=serial",
        "--storages=float32,float16,bfloat16", f"--data_dir={photographs}",
    )  # fmt: skip
    assert tails.code == 0, tails.stderr + str(tails.rows)
    whole, half, brain = tails.rows
    assert half["cached_bytes_per_item"] * 2 == whole["cached_bytes_per_item"]
    assert whole["feature_distance"] < 1e-5 < half["feature_distance"] < brain["feature_distance"]
    assert half["accuracy"] == pytest.approx(whole["accuracy"], abs=0.3)


def test_cold_pages_are_read_once_and_named(program: Program, photographs: Path) -> None:
    outcome = program.run(
        *QUICK, "--steps=LoadData", "--page_caches=warm,cold", "--batches=50",
        f"--data_dir={photographs}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    warm, cold = outcome.rows
    assert "/page_cache=cold/" in cold["name"]
    assert "page_cache" not in warm["name"]
    assert warm["distinct_items"] == cold["distinct_items"] == 40
    assert cold["batches"] < 5 < warm["batches"]
    few = program.run(
        "--devices=cpu", "--batch_sizes=32", "--steps=LoadData", "--page_caches=cold",
        "--architectures=resnet18", f"--data_dir={photographs}",
    )  # fmt: skip
    assert "too few for batches of 32" in few.rows[0]["error_message"]


def test_load_data_says_where_the_workers_seconds_went(program: Program, photographs: Path) -> None:
    outcome = program.run(*QUICK, "--steps=LoadData", f"--data_dir={photographs}")
    row = outcome.rows[0]
    for part in ("storage", "decode", "preprocess"):
        assert row[f"{part}_thread_seconds"] > 0
    assert row["wait_thread_seconds"] >= 0
    assert 0 <= row["busy_fraction"] <= 1
    assert row["bytes_per_item"] == 3 * 224 * 224 * 4
    assert outcome.context["thread_pools"].startswith("loader: 2 workers")
    assert outcome.context["activation_reads"]
    assert outcome.context["decoder_nvjpeg"]


def test_a_decoder_of_gpus_has_no_rows_without_one(program: Program) -> None:
    outcome = program.run(*QUICK, "--steps=LoadData", "--decoders=hybrid")
    assert outcome.code == 3
    assert "--decoders=hybrid has no rows: it decodes on a GPU" in outcome.stderr


def test_any_number_of_items_of_any_classes_is_scored(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    """12 classes of 6, 3, 2 and 1 items: a search of 10 takes three classes that have as many."""
    files = sorted((photographs / "train").rglob("*.JPEG"))
    for label, count in enumerate([6, 1, 2, 1] + 8 * [3]):
        folder = tmp_path / f"data/train/class{label:02}"
        folder.mkdir(parents=True)
        for number in range(count):
            shutil.copy(files[(label + number) % len(files)], folder / f"{number}.JPEG")
    rows = {}
    for items in (10, 0):
        outcome = program.run(
            *SEARCH, "--modes=serial", f"--items={items}", f"--data_dir={tmp_path / 'data'}"
        )
        assert outcome.code == 0, outcome.stderr + str(outcome.rows)
        rows[items] = outcome.rows[0]
        assert "never held out: class01, class03\n" in outcome.stderr
        expected = "10 of 34, of 3 classes" if items else None
        assert outcome.context.get("data_items") == expected
    assert (rows[10]["items"], rows[0]["items"]) == (10, 34)
