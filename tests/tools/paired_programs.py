# SPDX-License-Identifier: Apache-2.0
"""Programs of the fixture `programs`: a paired run of two of them, what it decided, and its
interruption."""

import json
from pathlib import Path

import paired_run
import pytest
from compare import paired_rounds

ROW = "Inference/resnet18/full/cpu/batch:8/manual_time"
FAKE = Path(__file__).parent / "fake_benchmark.py"


def run(*arguments: object) -> int:
    return paired_run.main([str(argument) for argument in arguments])


def decisions(path: Path) -> dict[tuple[str, str], dict]:
    rows = json.loads(path.read_text())["rows"]
    return {(row["name"], row["metric"]): row for row in rows}


def interrupt_at(process: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ctrl-C while that one of the programs' processes runs, counted from 1; the list grows with
    each that is started."""
    real = paired_rounds.subprocess.run
    started: list[int] = []

    def run_or_stop(*arguments, **more):
        started.append(len(started) + 1)
        if len(started) == process:
            raise KeyboardInterrupt
        return real(*arguments, **more)

    monkeypatch.setattr(paired_rounds.subprocess, "run", run_or_stop)
    return started
