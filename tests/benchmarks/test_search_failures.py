# SPDX-License-Identifier: Apache-2.0
"""Searches of zoos in which something cannot be used."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from search_zoo import PLANS, Search, Zoo, entry, label
from zoos import write_zoo


def test_damaged_checkpoints_are_left_out_and_named(
    zoo: Zoo, searches: dict[tuple[str, str], Search], tmp_path: Path
) -> None:
    files = {
        name: tmp_path / f"{name}.safetensors"
        for name in ("truncated", "infinite", "none", "large")
    }
    tensors = load_file(zoo.folder / "last.safetensors")
    for key in ("features.17.conv.2.weight", "features.18.0.weight"):
        tensors[key] = tensors[key] * np.float32(1e30)  # The weights are finite.
    save_file(tensors, files["large"])
    files["truncated"].write_bytes((zoo.folder / "four.safetensors").read_bytes()[:-1000])
    tensors = load_file(zoo.folder / "four.safetensors")
    tensors["features.3.conv.1.0.weight"][3] = np.nan
    save_file(tensors, files["infinite"])
    others = ("half", "last", "twin")
    entries = [entry(other, str(zoo.folder / f"{other}.safetensors")) for other in others]
    damaged = [entry(name, str(path)) for name, path in files.items()]
    # The first candidate of an architecture is also the first one that is checked and warms up.
    selected = write_zoo(tmp_path, damaged[-1], *entries[:2], *damaged[:-1], entries[2])
    outcome = zoo.search("--plans=one_by_one,shared", zoo=selected)
    for plan, row in zip(("one_by_one", "shared"), outcome.rows, strict=True):
        assert not row.get("error_occurred"), row
        assert label(row)["failed"] == ",".join(files)
        assert row["failed_candidates"] == 4
        assert row["candidates"] == 4  # `large` was computed.
        ranking = searches["shared", "all"].ranking
        assert label(row)["ranking"].split(",") == [other for other in ranking if other in others]
        for name, path in files.items():
            lines = [
                line
                for line in outcome.stderr.splitlines()
                if f": {name} is left out: " in line and f"/plan={plan}/" in line
            ]
            assert (
                len(lines) == 1 and (path.name if name != "large" else "not finite") in lines[0]
            ), outcome.stderr


def test_a_zoo_of_damaged_checkpoints_fails_with_a_reason(zoo: Zoo, tmp_path: Path) -> None:
    outcome = zoo.search(zoo=write_zoo(tmp_path, entry("nowhere"), entry("nothing")))
    assert outcome.code == 1
    (row,) = outcome.rows
    assert "no candidate of the zoo can be searched" in row["error_message"]
    assert "nowhere.safetensors" in row["error_message"]


def test_a_row_without_any_score_fails_once(zoo: Zoo) -> None:
    # The first round has too few items for the mixtures.
    outcome = zoo.search("--probes=nleep", "--items=16", "--budgets=halving")
    assert outcome.code == 1
    (row,) = outcome.rows
    assert "no candidate of the zoo could be searched" in row["error_message"]
    assert "nleep" in row["error_message"]
    assert "1 of 1 combinations failed" in outcome.stderr


@pytest.mark.parametrize("plan", PLANS)
def test_a_damaged_photograph_fails_the_row_with_its_name(
    zoo: Zoo, tmp_path: Path, plan: str
) -> None:
    shutil.copytree(zoo.images, tmp_path / "images")
    (tmp_path / "images/train/red/5.jpg").write_bytes(b"not a picture")
    outcome = zoo.search(f"--plans={plan}", f"--data_dir={tmp_path / 'images'}")
    assert outcome.code == 1
    (row,) = outcome.rows
    assert "red/5.jpg" in row["error_message"]


def test_halving_needs_classes(zoo: Zoo, tmp_path: Path) -> None:
    shutil.copytree(zoo.images / "train/red", tmp_path / "train/red")
    flags = (f"--data_dir={tmp_path}", "--items=0", "--plans=one_by_one")
    outcome = zoo.search(*flags, "--budgets=halving")
    assert outcome.code == 1
    (row,) = outcome.rows
    assert "--budgets=all" in row["error_message"]
    outcome = zoo.search(*flags, features=tmp_path / "features")
    assert outcome.code == 0, outcome.stderr
    assert len(list((tmp_path / "features").iterdir())) == 8
    assert "accuracy0" not in outcome.rows[0]
    outcome = zoo.search("--budgets=halving", "--batch_sizes=1", "--items=4")
    assert outcome.code == 1
    assert "first round of budget=halving has 1 items" in outcome.rows[0]["error_message"]
