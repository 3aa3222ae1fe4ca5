# SPDX-License-Identifier: Apache-2.0
"""Programs of the fixture `programs`: a paired run of two of them, and what it decided."""

import json
from pathlib import Path

import paired_run

ROW = "Inference/resnet18/full/cpu/batch:8/manual_time"
FAKE = Path(__file__).parent / "fake_benchmark.py"


def run(*arguments: object) -> int:
    return paired_run.main([str(argument) for argument in arguments])


def decisions(path: Path) -> dict[tuple[str, str], dict]:
    rows = json.loads(path.read_text())["rows"]
    return {(row["name"], row["metric"]): row for row in rows}
