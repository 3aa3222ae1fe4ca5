# SPDX-License-Identifier: Apache-2.0
"""A pipe in place of a file is refused at once: nobody may ever write to it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RESULTS = "tests/tools/data/cpu.json"
# PIPE stands for the pipe and OUT for a folder.
COMMANDS = (
    ("compare.py", RESULTS, "PIPE"),
    ("report.py", "PIPE", "-o", "OUT"),
    ("report.py", RESULTS, "--against", "PIPE", "-o", "OUT"),
    ("export.py", RESULTS, "PIPE", "-o", "OUT"),
    ("timm_csv.py", "PIPE", "-o", "OUT/table.csv"),
    ("medians_agree.py", "PIPE", RESULTS),
    ("convert_published.py", "PIPE", "-o", "OUT/published.json"),
    ("export_weights.py", "OUT", "PIPE:resnet18"),
    ("make_zoo.py", "--architecture=resnet18", "--parent=PIPE", "-o", "OUT/zoo"),
    ("export_weights.py", "OUT", "torchvision:resnet18", "--zoo", "PIPE"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_tools_refuse_a_pipe_at_once(root: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    pipe, out = tmp_path / "pipe", tmp_path / "out"
    os.mkfifo(pipe)
    out.mkdir()
    script, *words = (word.replace("PIPE", str(pipe)).replace("OUT", str(out)) for word in command)
    done = subprocess.run(
        [sys.executable, f"tools/{script}", *words],
        cwd=root, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert str(pipe) in done.stderr
    assert "not a " in done.stderr
    assert "Traceback" not in done.stderr


def test_own_streams_are_read(root: Path) -> None:
    text = (root / RESULTS).read_text()
    for stream in ("/dev/stdin", "/dev/fd/0"):
        done = subprocess.run(
            [sys.executable, "tools/medians_agree.py", stream, RESULTS],
            cwd=root, input=text, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
