# SPDX-License-Identifier: Apache-2.0
"""Bad input: every case has a message that names what and where, and an exit code."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, Program
from safetensors.numpy import load_file, save_file

END_TO_END = (
    "--devices=cpu",
    "--batch_sizes=8",
    "--steps=EndToEnd",
    "--modes=serial",
    "--configurations=full",
    "--architectures=resnet18",
)


@pytest.mark.parametrize(
    ("flags", "parts"),
    [
        (("--architectures=resnet19",), ("--architectures=resnet19", "resnet152")),
        (("--memory_limit=lots",), ("--memory_limit=lots", "GB")),
        (("--devices=cuda7",), ("cuda7", "cpu")),
        (("--batch_sizes=0",), ("--batch_sizes=0", "at least 1")),
        (("--workers=-2",), ("--workers=-2", "at least 1")),
        (("--items=-5",), ("--items", "'-5'", "at least 0")),
        (("--max_pixels=0",), ("--max_pixels", "'0'", "at least 1")),
        (("--configurations=last_0",), ("last_0", "last_<k>")),
        (("--no_such_flag=1",), ("no_such_flag",)),
        (("--batches=many",), ("--batches", "'many'")),
        (("--benchmark_filter=(",), ("benchmark_filter",)),
        (("--data_dir=/no/such/folder",), ("/no/such/folder",)),
        (("--cache_limit=lots",), ("--cache_limit", "'lots'", "1.5GB")),
    ],
)
def test_bad_flags_are_refused(
    program: Program, flags: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    outcome = program.run("--steps=LoadData", *flags)
    assert outcome.code == 2, outcome.stdout + outcome.stderr
    for part in parts:
        assert part in outcome.stderr
    assert "terminate called" not in outcome.stderr


def test_a_filter_that_matches_nothing(program: Program) -> None:
    outcome = program.run("--devices=cpu", "--benchmark_filter=nothing_like_it")
    assert outcome.code == 3
    assert "nothing_like_it" in outcome.stderr


def test_a_damaged_image_fails_its_row_and_names_the_file(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "photographs"
    shutil.copytree(photographs, folder)
    victim = sorted((folder / "train").rglob("*.JPEG"))[20]
    victim.write_bytes(victim.read_bytes()[:5000])
    outcome = program.run(*END_TO_END, f"--data_dir={folder}", "--steps=LoadModel,EndToEnd")
    assert outcome.code == 1
    good, bad = outcome.rows
    assert not good.get("error_occurred")
    assert bad["error_occurred"]
    assert victim.name in bad["error_message"]


def test_too_many_pixels_fail_their_row(program: Program, photographs: Path) -> None:
    outcome = program.run(
        "--steps=LoadData", "--devices=cpu", f"--data_dir={photographs}", "--max_pixels=1000"
    )
    assert outcome.code == 1
    assert "more than --max_pixels=1000" in outcome.rows[0]["error_message"]


@pytest.mark.parametrize("kind", ["empty_class", "no_images", "no_split"])
def test_folders_without_images(
    program: Program, photographs: Path, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "photographs"
    named = folder / "train"
    if kind == "empty_class":
        shutil.copytree(photographs, folder)
        named = folder / "train" / "empty"
        named.mkdir()
    elif kind == "no_images":
        named.mkdir(parents=True)
    else:
        folder.mkdir()
    outcome = program.run(*END_TO_END, f"--data_dir={folder}")
    assert outcome.code == 2
    assert str(named) in outcome.stderr or str(folder) in outcome.stderr


def test_wrong_weights_name_every_tensor(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    made = program.run(*END_TO_END, f"--data_dir={photographs}", "--steps=LoadModel")
    assert made.code == 0, made.stderr
    tensors = load_file(next((program.cache / "weights").glob("resnet18-random-*.safetensors")))
    del tensors["layer2.0.conv1.weight"]
    tensors["layer9.weight"] = tensors["bn1.weight"]
    tensors["conv1.weight"] = tensors["conv1.weight"][:32].copy()
    save_file(tensors, tmp_path / "resnet18.safetensors")
    outcome = program.run(
        *END_TO_END,
        f"--data_dir={photographs}",
        f"--weights_dir={tmp_path}",
        "--steps=LoadData,LoadModel",
    )
    assert outcome.code == 1
    message = next(row["error_message"] for row in outcome.rows if row.get("error_occurred"))
    for part in ("resnet18.safetensors", "layer2.0.conv1.weight", "layer9.weight", "conv1.weight"):
        assert part in message
    assert any(not row.get("error_occurred") for row in outcome.rows)


def test_activations_beyond_the_limit_are_refused_before_work(
    program: Program, photographs: Path
) -> None:
    outcome = program.run(
        *END_TO_END, f"--data_dir={photographs}", "--configurations=full,last_50pct",
        "--cache_limit=1MB", "--caches=disk",
    )  # fmt: skip
    assert outcome.code == 1
    full, tail = outcome.rows
    assert not full.get("error_occurred")
    assert "--cache_limit" in tail["error_message"]


def test_a_full_disk_while_caching_fails_the_row_only(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    """A file system of 3 MiB for the activations: the run has room to start, not to finish."""
    mount = program.cache / "activations"
    mount.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(mount)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    try:
        outcome = program.run(
            *END_TO_END, f"--data_dir={photographs}", "--configurations=full,last_3",
            "--caches=disk",
        )  # fmt: skip
    finally:
        subprocess.run(["umount", str(mount)], check=True)
    assert outcome.code == 1
    full, tail = outcome.rows
    assert not full.get("error_occurred")
    assert "activations" in tail["error_message"]
    assert "left" in tail["error_message"]


def test_listing_builds_and_loads_nothing(program: Program, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    done = subprocess.run(
        [
            program.binary,
            f"--cache_dir={cache}",
            "--data_dir=/no/such/folder",
            "--benchmark_list_tests",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "EndToEnd/resnet152/full/cpu" in done.stdout
    assert not cache.exists()


def test_help_explains_both_sets_of_flags(program: Program) -> None:
    done = subprocess.run([program.binary, "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "--architectures" in done.stdout
    assert "--benchmark_filter" in done.stdout
    assert len(done.stdout.splitlines()) < 60
    whole = subprocess.run([program.binary, "--help-all"], capture_output=True, text=True)
    assert whole.returncode == 0
    for flag in ("--architectures", "--max_pixels", "--benchmark_counters_tabular"):
        assert flag in whole.stdout
    # Whatever the short help names is a flag or a command.
    for flag in set(re.findall(r"--([a-z_-]+)", done.stdout)) - {"flag", "help", "schema"}:
        assert f"--{flag}" in whole.stdout or flag == "help-all", flag
    for tool in re.findall(r"tools/[\w.]+", done.stdout):
        assert (ROOT / tool).is_file(), tool
