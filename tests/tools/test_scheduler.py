# SPDX-License-Identifier: Apache-2.0
"""Tools that run the program within a scheduler's task get all rows, not the task's shard."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import paired_run
import pytest
import scheduler
from peers import our_program

NAME = "Inference/resnet18/full/cpu/batch:8/manual_time"
PROGRAM = f"""#!{sys.executable}
import json, os, sys
out = next(word for word in sys.argv if word.startswith("--benchmark_out="))
row = {{"name": "{NAME}", "run_name": "{NAME}", "real_time": 1, "time_unit": "s"}}
context = {{"host_name": os.environ.get("RANK", "no rank")}}
text = json.dumps({{"context": context, "benchmarks": [row]}})
open(out.partition("=")[2], "w").write(text)
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "program"
    path.write_text(PROGRAM)
    path.chmod(0o755)
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    return path


def test_peers_run_the_program_outside_of_the_task(program: Path) -> None:
    assert our_program.document(program, {})["context"]["host_name"] == "no rank"


def test_paired_runs_are_outside_of_the_task(program: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    paired_run.main([str(program), str(program), "-o", str(out), "--rounds=2"])
    [first, *_] = sorted((out / "new").glob("*.json"))
    assert json.loads(first.read_text())["context"]["host_name"] == "no rank"


def test_other_variables_stay() -> None:
    given = {"SLURM_PROCID": "1", "SLURM_JOB_ID": "7", "RANK": "0", "PATH": "/bin"}
    assert scheduler.outside(given) == {"SLURM_JOB_ID": "7", "PATH": "/bin"}
