# SPDX-License-Identifier: Apache-2.0
"""Names of files and folders may hold any bytes: every output stays readable, and no terminal is
steered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Program

HOSTILE = b"a\xff\x1b[31mb\nc\xe2\x80\xae"
SEEN = "a\\xff\\u{1b}[31mb c\\u{202e}"


@pytest.fixture
def hostile(photographs: Path, tmp_path: Path) -> bytes:
    """The photographs, of which one class folder and one damaged file have odd names."""
    folder = os.path.join(os.fsencode(tmp_path), HOSTILE)
    os.makedirs(os.path.join(folder, b"train"))
    for entry in (photographs / "train").iterdir():
        os.symlink(entry, os.path.join(folder, b"train", os.fsencode(entry.name)))
    os.mkdir(os.path.join(folder, b"train", HOSTILE))
    with open(os.path.join(folder, b"train", HOSTILE, HOSTILE + b".jpg"), "wb") as damaged:
        damaged.write(b"\xff\xd8\xff")
    return folder


def test_names_that_are_not_text(program: Program, hostile: bytes, tmp_path: Path) -> None:
    out = tmp_path / "rows.json"
    command = [
        os.fsencode(program.binary),
        b"--data_dir=" + hostile,
        b"--cache_dir=" + os.fsencode(program.cache),
        b"--benchmark_out=" + os.fsencode(out),
        b"--devices=cpu",
        b"--steps=LoadData",
        b"--batch_sizes=8",
        b"--workers=1",
        b"--decoders=stb",
        b"--benchmark_filter=images",
    ]
    for flags in ([], [b"--resume"]):
        done = subprocess.run([*command, *flags], capture_output=True, check=False)
        assert done.returncode == 1, done.stderr
        for output in (done.stdout, done.stderr):
            output.decode("utf-8")
            assert not set(output) & {0x1B, 0x7F}, output
        assert SEEN.encode() in done.stderr
        results = json.loads(out.read_text(encoding="utf-8"))
        assert results["context"]["data"] == SEEN
        (row,) = results["benchmarks"]
        assert f"train/{SEEN}/{SEEN}.jpg" in row["error_message"]
    report = [sys.executable, ROOT / "tools/report.py", out, "-o", tmp_path / "report"]
    assert subprocess.run(report, capture_output=True, check=False).returncode == 0


def test_flags_that_are_not_text(program: Program) -> None:
    command = [os.fsencode(program.binary), b"--architectures=" + HOSTILE]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2
    assert SEEN.encode() in done.stderr
    assert not set(done.stderr) & {0x1B}


def test_a_folder_is_itself_however_it_is_spelled(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(photographs)
    flags = ("--devices=cpu", "--steps=LoadData", "--batch_sizes=8", "--benchmark_filter=images")
    flags += ("--workers=1", "--time_budget=0.1", "--decoders=stb")
    for spelling in (photographs, f"{photographs}/../{photographs.name}/.", tmp_path / "link"):
        outcome = program.run(f"--data_dir={spelling}", *flags)
        assert outcome.code == 0, outcome.stderr
        assert outcome.context["data"] == photographs.name
