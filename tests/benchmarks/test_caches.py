# SPDX-License-Identifier: Apache-2.0
"""Where the activations that tails read lie: on disk or in the host's memory."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from conftest import Program

TAILS = ("--devices=cpu", "--threads=2", "--workers=2", "--batch_sizes=8", "--items=30",
         "--steps=EndToEnd", "--architectures=resnet18")  # fmt: skip


def test_tails_score_alike_from_every_tier_in_every_mode(
    program: Program, photographs: Path
) -> None:
    outcome = program.run(
        *TAILS, "--configurations=full,last_1", "--caches=host,disk", f"--data_dir={photographs}"
    )
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    assert len({row["accuracy"] for row in outcome.rows}) == 1
    tails = [row for row in outcome.rows if "/last_1/" in row["name"]]
    assert len(tails) == 6
    for row in tails:
        assert row["cached_bytes"] == 30 * 512 * 7 * 7 * 4
        assert row["build_cache"] > 0
        on_disk = "/cache=disk/" in row["name"]
        assert on_disk or "/cache=host/" in row["name"]
        assert on_disk == ("cache_reads_direct" in row) == ("cache_read_bytes_per_second" in row)
    # Each row's cache was built in its mode, into its tier.
    assert len({row["build_cache"] for row in tails}) == 6


def test_the_default_is_the_fastest_that_holds(program: Program, photographs: Path) -> None:
    bytes_needed = 30 * 512 * 7 * 7 * 4
    for bound, tier in ((bytes_needed, "host"), (bytes_needed - 1, "disk")):
        listed = program.run(
            *TAILS, "--configurations=last_1,joint_last_1", "--modes=serial",
            f"--host_cache={bound}", f"--data_dir={photographs}", "--benchmark_list_tests",
        )  # fmt: skip
        names = listed.stdout.split()
        assert len(names) == 2
        assert all(f"/cpu/cache={tier}/" in name for name in names)


@pytest.mark.parametrize(
    ("flags", "parts"),
    [
        (("--caches=host", "--host_cache=1MB"), ("--host_cache allows (976.6 KiB)", "3.0 MiB")),
        (("--caches=disk", "--cache_limit=1MB"), ("--cache_limit allows (976.6 KiB)", "3.0 MiB")),
    ],
)
def test_a_tier_that_is_too_small_says_what_is_needed(
    program: Program, photographs: Path, flags: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    outcome = program.run(
        *TAILS, "--configurations=last_1", "--modes=serial", f"--data_dir={photographs}", *flags,
        "--items=31",
    )  # fmt: skip
    assert outcome.code == 1
    (row,) = outcome.rows
    assert all(part in row["error_message"] for part in parts), row["error_message"]


def test_a_cpu_has_no_device_tier(program: Program) -> None:
    outcome = program.run(*TAILS, "--configurations=last_1", "--caches=device")
    assert outcome.code == 3
    unknown = program.run(*TAILS, "--caches=tape")
    assert unknown.code == 2
    assert "device,host,disk" in unknown.stderr


def test_two_processes_share_a_cache_that_is_empty(program: Program, tmp_path: Path) -> None:
    """On a file system with locks: nothing is left but what was made."""
    cache = tmp_path / "cache-%N"
    flags = (
        "--steps=Inference", "--architectures=resnet18", "--configurations=last_1",
        "--devices=cpu", "--batch_sizes=1", "--batches=3", "--warmup_batches=1",
        f"--cache_dir={cache}",
    )  # fmt: skip
    both = [
        subprocess.Popen(
            program.command(tmp_path / f"{number}.json", *flags),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for number in range(2)
    ]  # fmt: skip
    errors = [process.communicate(timeout=300)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    folder = tmp_path / f"cache-{socket.gethostname().split('.')[0]}"
    assert (folder / "rates.json").is_file()
    left = [path.name for path in folder.rglob("*") if path.suffix in (".lock", ".held", ".part")]
    assert left == []
