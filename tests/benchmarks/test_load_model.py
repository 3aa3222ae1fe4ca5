# SPDX-License-Identifier: Apache-2.0
"""LoadModel: ways of reading, cold pages, the split of a load, and damaged checkpoints."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import Outcome, Program
from safetensors.numpy import load_file, save_file
from zoos import write_zoo

READS = ("buffered", "mmap", "direct")
LOAD = (
    "--devices=cpu",
    "--steps=LoadModel",
    "--architectures=resnet18",
    "--batches=4",
    "--warmup_batches=1",
    f"--reads={','.join(READS)}",
)


def load(program: Program, photographs: Path, *flags: str) -> Outcome:
    return program.run(*LOAD, f"--data_dir={photographs}", *flags)


@pytest.fixture(scope="module")
def checkpoint(program: Program, photographs: Path) -> Path:
    outcome = load(program, photographs, "--configurations=full", "--reads=buffered")
    assert outcome.code == 0, outcome.stderr
    return next((program.cache / "weights").glob("resnet18-random*.safetensors"))


def test_every_way_of_reading_has_rows_that_split_a_load(
    program: Program, photographs: Path
) -> None:
    outcome = load(
        program, photographs, "--configurations=full,last_1,joint_last_1", "--page_caches=warm,cold"
    )
    # Features of each way were compared with those of the default, or the row would have failed.
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    assert len(outcome.rows) == 3 * 2 * len(READS)
    names = {row["name"] for row in outcome.rows}
    assert "LoadModel/resnet18/full/cpu/manual_time" in names
    assert "LoadModel/resnet18/last_1/cpu/page_cache=cold/read=direct/manual_time" in names
    sizes: dict[str, set[float]] = {}
    for row in outcome.rows:
        sizes.setdefault(row["name"].split("/")[2], set()).add(row["bytes"])
        seconds = row["real_time"] / 1e3
        parts = [row[f"{part}_seconds"] for part in ("init", "read", "copy")]
        assert all(part >= 0 for part in parts)
        assert row["init_seconds"] > 0 and row["read_seconds"] > 0
        # Measured inside of the load and around it.
        assert sum(parts) <= seconds * (1 + 1e-6)
        assert row["bytes_per_second"] == pytest.approx(row["bytes"] / seconds)
        assert row["read_bytes_per_second"] == pytest.approx(row["bytes"] / row["read_seconds"])
        assert row["first_inference_seconds"] > 0
        assert row["batches"] == 3
    # A configuration's bytes, however they are read: weights, and BatchNorm's running statistics.
    assert sizes["full"] == {4 * (11_176_512 + 2 * 4800)}
    assert sizes["last_1"] == {4 * (2 * 512 * 512 * 9 + 2 * 4 * 512)}
    assert sizes["joint_last_1"] == {max(sizes["full"]) + max(sizes["last_1"])}


def test_damaged_checkpoints_are_named(
    program: Program, photographs: Path, checkpoint: Path, tmp_path: Path
) -> None:
    """Several candidates in one run: each of their rows fails for its own file."""
    (tmp_path / "truncated.safetensors").write_bytes(checkpoint.read_bytes()[:-100])
    tensors = load_file(checkpoint)
    misshapen = tensors | {"conv1.weight": tensors["conv1.weight"][:32].copy()}
    save_file(misshapen, tmp_path / "misshapen.safetensors")
    del tensors["layer4.1.conv2.weight"]
    save_file(tensors, tmp_path / "missing.safetensors")
    expected = {
        "truncated": "the file is cut off or damaged",
        "misshapen": "conv1.weight has shape [32, 3, 7, 7], expected [64, 3, 7, 7]",
        "missing": "1 missing tensor: layer4.1.conv2.weight [512, 512, 3, 3]",
        "no_file": "No such file or directory",
    }
    zoo = write_zoo(
        tmp_path,
        *(
            {"name": name, "architecture": "resnet18", "weights": f"{name}.safetensors"}
            for name in expected
        ),
    )
    outcome = load(program, photographs, "--configurations=full", f"--candidates={zoo}")
    assert outcome.code == 1
    assert len(outcome.rows) == len(expected) * len(READS)
    for row in outcome.rows:
        name = row["name"].split("/")[1]
        assert str(tmp_path / f"{name}.safetensors") in row["error_message"]
        assert expected[name] in row["error_message"]


def test_files_in_memory_cannot_be_cold_and_say_so(
    program: Program, photographs: Path, checkpoint: Path
) -> None:
    folder = Path("/dev/shm") / f"model-search-{program.cache.name}"
    if not folder.parent.is_dir():
        pytest.skip("this system has no /dev/shm")
    folder.mkdir()
    try:
        shutil.copyfile(checkpoint, folder / "resnet18.safetensors")
        outcome = load(
            program, photographs, "--configurations=last_1", f"--weights_dir={folder}",
            "--page_caches=warm,cold",
        )  # fmt: skip
    finally:
        shutil.rmtree(folder)
    warm = [row for row in outcome.rows if "page_cache=cold" not in row["name"]]
    cold = [row for row in outcome.rows if "page_cache=cold" in row["name"]]
    assert all(not row.get("error_occurred") for row in warm)
    for row in cold:
        assert "still in the page cache" in row["error_message"]


def test_a_file_system_that_refuses_direct_reads_is_named(
    program: Program, photographs: Path, checkpoint: Path, tmp_path: Path
) -> None:
    mount = tmp_path / "ramfs"
    mount.mkdir()
    mounted = subprocess.run(["mount", "-t", "ramfs", "ramfs", str(mount)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a file system needs root")
    try:
        shutil.copyfile(checkpoint, mount / "resnet18.safetensors")
        outcome = load(program, photographs, "--configurations=last_1", f"--weights_dir={mount}")
    finally:
        subprocess.run(["umount", str(mount)], check=True)
    assert outcome.code == 0, outcome.stderr
    labels = {row["name"].partition("read=")[2].split("/")[0]: row for row in outcome.rows}
    assert labels["direct"]["label"] == "reads=buffered (this file system refuses direct ones)"
    assert "label" not in labels["mmap"]
