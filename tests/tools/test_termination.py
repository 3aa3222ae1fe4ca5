# SPDX-License-Identifier: Apache-2.0
"""Tools that run other programs end these when they are ended."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def runs(process: int) -> bool:
    """Whether a process exists and has not ended. One that has ended still exists until its parent,
    or the system's first process, has taken note of that."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


def test_a_terminated_tool_ends_the_program_that_it_runs(root: Path, tmp_path: Path) -> None:
    program, started = tmp_path / "program", tmp_path / "started"
    program.write_text(
        f"#!/bin/sh\necho $$ > {started}.part\nmv {started}.part {started}\nexec sleep 300\n"
    )
    program.chmod(0o755)
    command = [
        sys.executable,
        root / "tools/paired_run.py",
        program,
        program,
        "-o",
        tmp_path / "out",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as tool:
        end = time.monotonic() + 60
        while not started.exists():
            assert time.monotonic() < end and tool.poll() is None
            time.sleep(0.01)
        tool.terminate()
        tool.communicate(timeout=30)
    end = time.monotonic() + 30
    while runs(int(started.read_text())):
        assert time.monotonic() < end
        time.sleep(0.01)
