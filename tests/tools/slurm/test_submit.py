# SPDX-License-Identifier: Apache-2.0
"""submit.py and array.sh with a queue that runs each task at once, and a program of invented rows.
tests/slurm/ has a real Slurm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

SBATCH = """
import os, subprocess, sys
words = sys.argv[1:]
script = next(k for k, word in enumerate(words) if word.endswith("array.sh"))
numbers = next(word for word in words if word.startswith("--array="))
with open(os.environ["QUEUE"], "a") as log:
    print(numbers, *words[script + 1 :], file=log)
for number in numbers.removeprefix("--array=").partition("%")[0].split(","):
    task = {"SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": number}
    subprocess.run(words[script:], env=os.environ | task)
print("7;cluster")
"""
# Row k of 3 belongs to shard k % n. Row 1 fails until it is retried.
PROGRAM = """
import json, sys
names = [f"LoadModel/n{k}/full/cpu/manual_time" for k in range(3)]
flags = dict(word.removeprefix("--").partition("=")[::2] for word in sys.argv[1:])
if "benchmark_list_tests" in flags:
    sys.exit(print(*names, sep="\\n"))
index, count = map(int, flags["shard"].split("/"))
rows = []
for k in range(index, 3, count):
    row = {"name": names[k], "run_name": names[k], "real_time": 1, "time_unit": "s"}
    if k == 1 and "retry_failed" not in flags:
        row |= {"error_occurred": True, "error_message": "out of memory"}
    rows.append(row)
path = flags["benchmark_out"].replace(".json", f".shard-{index}-of-{count}")
context = {"shard": flags["shard"]}
open(path + ".json", "w").write(json.dumps({"context": context, "benchmarks": rows}))
open(path + ".rows.txt", "w").write("".join(f"{k % count}\\t1\\t{names[k]}\\n" for k in range(3)))
"""


@dataclass
class Queue:
    folder: Path

    def submit(self, *flags: str) -> subprocess.CompletedProcess:
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, ROOT / "tools/slurm/submit.py", f"--output={self.run}", "--poll=0.1",
             "--no-report", *flags],
            env=os.environ | {"PATH": path, "QUEUE": str(self.folder / "queue")},
            capture_output=True, text=True,
        )  # fmt: skip

    @property
    def program(self) -> str:
        return str(self.folder / "bin/program")

    @property
    def run(self) -> Path:
        return self.folder / "run"

    def submitted(self) -> list[list[str]]:
        return [line.split() for line in (self.folder / "queue").read_text().splitlines()]


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    (tmp_path / "bin").mkdir()
    for name, text in (("sbatch", SBATCH), ("squeue", ""), ("program", PROGRAM)):
        path = tmp_path / "bin" / name
        path.write_text(f"#!{sys.executable}\n{text}")
        path.chmod(0o755)
    return Queue(tmp_path)


def test_shards_with_failed_rows_are_started_once_more(queue: Queue) -> None:
    done = queue.submit("--shards=8", "--at-once=2", "--", queue.program, "--items=5")
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = queue.submitted()
    assert first[0] == "--array=0,1,2%2"  # No more shards than rows.
    assert second[0] == "--array=1%2"
    assert "--items=5" in first and "--retry_failed" not in first
    assert "--retry_failed" in second
    assert "3 of 3 rows, 1 of them failed" in done.stdout
    rows = json.loads((queue.run / "RESULTS.json").read_text())["benchmarks"]
    assert [row["name"].split("/")[1] for row in rows] == ["n0", "n1", "n2"]
    assert not any("error_occurred" in row for row in rows)
    done = queue.submit("--shards=3", "--tries=1", "--", queue.program)
    assert done.returncode == 1
    assert len(queue.submitted()) == 3


def test_expected_seconds_stay_those_of_the_first_try(queue: Queue) -> None:
    expected = queue.folder / "earlier.json"
    expected.write_text("first")
    for text in ("first", "second"):
        expected.write_text(text)
        queue.submit("--shards=2", "--", queue.program, f"--expected={expected}")
    copies = {word for line in queue.submitted() for word in line if word.startswith("--expected")}
    assert copies == {f"--expected={queue.run / 'expected'}"}
    assert (queue.run / "expected").read_text() == "first"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--shards=2",), "give the program and its flags after --"),
        (("--shards=0", "--", "program"), "'0' is not a positive whole number"),
        (("--shards=2", "--", "program", "--resume"), "--resume: leave it out"),
        (("--shards=2", "--", "program", "--expected=nowhere.json"), "nowhere.json: No such file"),
    ],
)
def test_bad_flags_are_refused(queue: Queue, flags: tuple[str, ...], message: str) -> None:
    done = queue.submit(*flags)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (queue.folder / "queue").exists()
