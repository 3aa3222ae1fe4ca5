# SPDX-License-Identifier: Apache-2.0
"""Rows that would never end: a disk, a decoder and a device that block, and signals meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import Program

# The limit is far above what a batch of these takes on a busy machine.
LIMIT = "--stall_limit=2"
LOADING = (
    "--steps=LoadData",
    "--architectures=resnet18",
    "--devices=cpu",
    "--decoders=stb",
    "--workers=2",
    "--batch_sizes=1,2,4",
    "--batches=4",
    "--warmup_batches=1",
)


def sizes(rows: list[dict], *, failed: bool = False) -> list[int]:
    names = [row["name"] for row in rows if not failed or row.get("error_occurred")]
    return [int(re.search(r"/batch:(\d+)/", name)[1]) for name in names]


@pytest.mark.parametrize(
    ("fault", "doing"), [("block_disk", "reading"), ("block_decoder", "decoding")]
)
def test_a_row_that_waits_for_ever_fails_and_the_rest_goes_on(
    program: Program, photographs: Path, monkeypatch, fault: str, doing: str
) -> None:
    """The block is simulated; the watcher, the row and the fresh process are real."""
    monkeypatch.setenv("MODEL_SEARCH_FAULT", f"{fault}:batch:2/")
    outcome = program.run(*LOADING, LIMIT, f"--data_dir={photographs}")
    assert outcome.code == 1, outcome.stderr
    assert sizes(outcome.rows) == [1, 2, 4]
    assert sizes(outcome.rows, failed=True) == [2]
    message = outcome.rows[1]["error_message"]
    assert message.startswith("stalled: no progress for 2")
    assert re.search(r"main thread: waiting for the next batch of the loader \(\d+ s\)", message)
    assert re.search(rf"loader workers 0 to 1: {doing} \S+\.JPEG and others \(\d+ s\)", message)
    assert "raise --stall_limit=2" in message
    assert outcome.stderr.count("the run continues in a new process") == 1


def test_of_rows_in_turns_the_one_that_waits_fails(program: Program, monkeypatch) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "block_device:last_2")
    outcome = program.run(
        "--steps=Inference", "--architectures=resnet18", "--configurations=last_1,last_2,last_3",
        "--devices=cpu", "--threads=1", "--batch_sizes=1", "--batches=3", "--interleave", LIMIT,
    )  # fmt: skip
    assert outcome.code == 1, outcome.stderr
    failed = [row for row in outcome.rows if row.get("error_occurred")]
    assert [row["name"].split("/")[2] for row in failed] == ["last_2"]
    assert "main thread: waiting for the device cpu" in failed[0]["error_message"]
    others = [row for row in outcome.rows if row not in failed]
    assert [row["interleaved_with"] for row in others] == [1, 1]


def test_without_a_file_a_stalled_row_ends_the_run(program: Program, photographs: Path) -> None:
    """A process that nothing continues ends with the row's error on the terminal."""
    done = subprocess.run(
        [str(program.binary), f"--cache_dir={program.cache}", f"--data_dir={photographs}",
         *LOADING, LIMIT],
        env=os.environ | {"MODEL_SEARCH_FAULT": "block_disk:batch:2/"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "/batch:1 " in done.stdout
    assert re.search(r"/batch:2\n  failed: stalled: .*reading \S+\.JPEG", done.stdout)
    assert "/batch:4" not in done.stdout
    assert "with --benchmark_out it would continue" in done.stderr


def loading(program: Program, photographs: Path, out: Path, *flags: str) -> list[str]:
    """The command that measures the rows of LOADING and writes them to `out`."""
    return [
        str(program.binary), f"--cache_dir={program.cache}", f"--data_dir={photographs}",
        f"--benchmark_out={out}", *LOADING, *flags,
    ]  # fmt: skip


def test_a_signal_ends_a_row_that_does_not_end(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.json"
    command = loading(program, photographs, out, "--benchmark_format=json")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"MODEL_SEARCH_FAULT": "hang:batch:2/"},
    )  # fmt: skip
    end = time.monotonic() + 120
    while not out.exists() or sizes(json.loads(out.read_text())["benchmarks"]) != [1]:
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.005)
    time.sleep(0.5)  # The next row begins at once.
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 4, errors
    assert "The run ends after the current row, within 10 seconds" in errors
    assert re.search(r"Ended without LoadData/\S+/batch:2/.* --resume measures what is", errors)
    # What was finished is kept, in the file and on the display.
    assert sizes(json.loads(out.read_text())["benchmarks"]) == [1]
    assert sizes(json.loads(output)["benchmarks"]) == [1]


def test_a_signal_ends_a_container_that_looks_for_damage(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    """Its first process ignores signals that it does not handle. A pass over 20,000 files takes
    much longer than the test."""
    alone = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        pytest.skip("processes cannot have numbers of their own here")
    folder = tmp_path / "data/train/class"
    folder.mkdir(parents=True)
    picture = next((photographs / "train").rglob("*.JPEG"))
    for number in range(20_000):
        (folder / f"{number}.jpg").hardlink_to(picture)
    command = loading(
        program, tmp_path / "data", tmp_path / "rows.json", "--workers=1", "--on_damage=skip"
    )
    process = subprocess.Popen([*alone, *command], stderr=subprocess.PIPE, text=True)
    while "Looking for damaged files" not in process.stderr.readline():
        assert process.poll() is None
    first = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
    os.kill(first, signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGTERM


def test_another_limit_does_not_prevent_resuming(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.json"
    command = loading(program, photographs, out, "--resume", "--retry_failed")
    for flags in (["--batch_sizes=1", "--stall_limit=7"], ["--batch_sizes=1", "--stall_limit=0"]):
        done = subprocess.run([*command, *flags], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    assert "1 of 1 rows are there already" in done.stderr
    assert float(json.loads(out.read_text())["context"]["option_stall_limit"]) == 7
