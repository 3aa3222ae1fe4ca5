# SPDX-License-Identifier: Apache-2.0
"""Searches that were interrupted, and go on from their features."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.numpy import save_file
from search_zoo import Search, Zoo, distance, done, entry, read_features
from zoos import write_zoo


def interrupt(zoo: Zoo, seconds: float, *flags: str) -> str:
    """Sends SIGINT some seconds after the first row began. Returns stderr."""
    out = zoo.program.cache / "rows.json"
    out.unlink(missing_ok=True)
    process = subprocess.Popen(
        zoo.program.command(out, *flags),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    before = iter(process.stderr.readline, "")
    assert any("whose context has all settings" in line for line in before)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    if process.returncode == 4:
        # The row is missing, or it had just finished.
        assert not any("error_occurred" in row for row in json.loads(out.read_text())["benchmarks"])
    else:
        assert process.returncode == 0, errors  # It had finished.
    return errors


@pytest.mark.parametrize("plan", ["one_by_one", "shared"])
def test_an_interrupted_search_goes_on(
    zoo: Zoo, searches: dict[tuple[str, str], Search], tmp_path: Path, plan: str
) -> None:
    reference = searches[plan, "all"]
    whole = reference.row["setup_seconds"] + reference.row["real_time"] / 1000
    # Looks for a moment within the search, however fast this machine is just now.
    early, late = 0.0, 1.6 * whole
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        flags = (*zoo.flags(folder), f"--plans={plan}")
        moment = (early + late) / 2
        errors = interrupt(zoo, moment, *flags)
        computed = sum(len(features) for features in read_features(folder)[0].values())
        if 0 < computed < 16 * 8:
            break
        early, late = (moment, late) if computed == 0 else (early, moment)
    assert 0 < computed < 16 * 8
    assert f"/plan={plan}/" in errors
    assert str(folder) in errors
    out = zoo.program.cache / "rows.json"
    resumed = subprocess.run(
        [zoo.program.binary, f"--cache_dir={zoo.program.cache}", f"--benchmark_out={out}", *flags,
         "--resume"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert resumed.returncode == 0, resumed.stderr
    (row,) = json.loads(out.read_text())["benchmarks"]
    search = Search(row, *read_features(folder))
    assert row["known_features"] > 0
    assert row["item_blocks"] < reference.row["item_blocks"]
    assert search.ranking == reference.ranking
    for name, features in search.features.items():
        assert distance(features, reference.features[name]) <= 1e-5


def test_rounds_compare_candidates_on_the_same_known_items(
    zoo: Zoo, searches: dict[tuple[str, str], Search], tmp_path: Path
) -> None:
    """The best were seen on all items already in the first round."""
    reference = searches["shared", "halving"]
    shutil.copytree(reference.folder, tmp_path, dirs_exist_ok=True)
    search = done(zoo.search("--budgets=halving", "--resume", features=tmp_path), tmp_path)
    assert search.row["known_features"] == 8
    assert search.row["item_blocks"] == 0
    assert search.ranking == reference.ranking


def test_known_features_are_used_by_their_own_row_only(
    zoo: Zoo, searches: dict[tuple[str, str], Search], tmp_path: Path
) -> None:
    """Half of the features of one candidate, all of another, and a damaged file."""
    few = write_zoo(
        tmp_path,
        *(
            entry(name, str(zoo.folder / f"{name}.safetensors"))
            for name in ("half", "last", "head")
        ),
    )
    folder = tmp_path / "features"
    flags = ("--plans=decode_once", "--host_cache=12MB")  # A network at a time.
    first = done(zoo.search(*flags, features=folder, zoo=few), folder)
    half = folder / "half.full.safetensors"
    with safe_open(half, "np") as file:
        metadata = file.metadata()
        tensors = {key: file.get_tensor(key)[:9] for key in file.keys()}  # noqa: SIM118
    metadata["items"] = json.dumps(json.loads(metadata["items"])[:9])
    save_file(tensors, half, metadata)
    (folder / "head.full.safetensors").write_bytes(b"damaged")
    outcome = zoo.search(*flags, "--resume", features=folder, zoo=few)
    search = done(outcome, folder)
    assert "head.full.safetensors" in outcome.stderr
    assert search.row["known_features"] == 2
    # Of nine items two whole batches are known.
    assert search.row["item_blocks"] == (8 + 16) * 17
    assert search.ranking == first.ranking
    for name, features in search.features.items():
        assert distance(features, first.features[name]) <= 1e-5
    # The seconds of another plan would mean nothing with these features.
    other = done(zoo.search("--plans=one_by_one", "--resume", features=folder, zoo=few), folder)
    assert other.row["known_features"] == 0
    assert other.ranking == first.ranking
