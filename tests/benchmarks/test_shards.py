# SPDX-License-Identifier: Apache-2.0
"""--shard: parts of one grid in several processes, as a scheduler's variables say, and what
tools/merge.py makes of their files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, Program

GRID = (
    "--steps=LoadModel,Inference",
    "--architectures=resnet18,mobilenet_v2",
    "--configurations=last_1",
    "--devices=cpu",
    "--threads=1",
    "--workers=1",
    "--batch_sizes=1,2,3",
    "--batches=3",
    "--warmup_batches=1",
)
ENVIRONMENTS = (
    ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"),
    ("SLURM_PROCID", "SLURM_NTASKS"),
    ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("RANK", "WORLD_SIZE"),
)


@dataclass
class Shards:
    """The same command for every shard; what differs is in the environment."""

    program: Program
    out: Path

    def command(self, *flags: str) -> list[str]:
        return self.program.command(self.out, *GRID, *flags)

    def run(self, *flags: str, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(*flags), env=os.environ | variables, capture_output=True, text=True
        )

    def list(self, *flags: str, **variables: str) -> list[str]:
        return self.run("--benchmark_list_tests", *flags, **variables).stdout.splitlines()

    def file(self, index: int, count: int) -> Path:
        return self.out.with_name(f"RESULTS.shard-{index}-of-{count}.json")

    def rows(self, index: int, count: int) -> list[dict]:
        return json.loads(self.file(index, count).read_text())["benchmarks"]

    def merge(self, *flags: str) -> subprocess.CompletedProcess:
        command = [sys.executable, ROOT / "tools/merge.py", self.out.parent, "-o", self.out, *flags]
        return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def shards(program: Program, tmp_path: Path) -> Shards:
    return Shards(program, tmp_path / "RESULTS.json")


@pytest.mark.parametrize(("index", "count"), ENVIRONMENTS, ids=lambda name: name)
def test_processes_of_a_scheduler_list_the_grid_once(
    shards: Shards, index: str, count: str
) -> None:
    listed = [shards.list(**{index: str(i), count: "2"}) for i in range(2)]
    assert [len(names) for names in listed] == [4, 4]
    assert len(set(listed[0] + listed[1])) == 8


def test_tasks_of_an_array_write_what_one_process_writes(shards: Shards) -> None:
    for index in range(3):
        variables = {"SLURM_ARRAY_TASK_ID": str(index + 5), "SLURM_ARRAY_TASK_COUNT": "3"}
        done = shards.run(**variables, SLURM_ARRAY_TASK_MIN="5")
        assert done.returncode == 0, done.stderr
        assert f"Shard {index}/3 (SLURM_ARRAY_TASK_ID={index + 5}, " in done.stderr
        context = json.loads(shards.file(index, 3).read_text())["context"]
        assert context["shard"] == f"{index}/3"
        assert context["shard_source"].startswith(f"SLURM_ARRAY_TASK_ID={index + 5}")
        assert context["shard_grid"].startswith("8 rows, ")
    assert not shards.out.exists()
    merged = shards.merge()
    assert merged.returncode == 0, merged.stdout + merged.stderr
    rows = json.loads(shards.out.read_text())["benchmarks"]
    assert [row["name"] for row in rows] == shards.list("--shard=0/1")
    assert [row["family_index"] for row in rows] == list(range(8))
    assert all(row["row_seconds"] >= row["setup_seconds"] for row in rows)
    # The seconds of these rows balance the next run: other shards, the same grid.
    listed = [shards.list(f"--shard={i}/2", f"--expected={shards.out}") for i in range(2)]
    assert sorted(listed[0] + listed[1]) == sorted(row["name"] for row in rows)
    seconds = {row["name"]: row["row_seconds"] for row in rows}
    longest = max(sum(seconds[name] for name in names) for names in listed)
    total = sum(seconds.values())
    assert longest <= 1.34 * max(total / 2, *seconds.values())


def test_a_killed_shard_is_resumed(shards: Shards) -> None:
    name = shards.list("--shard=0/2")[1]
    killed = shards.run("--shard=0/2", MODEL_SEARCH_FAULT=f"kill:{name}")
    assert killed.returncode == -signal.SIGKILL
    before = shards.rows(0, 2)
    assert len(before) == 1
    assert shards.run("--shard=1/2").returncode == 0
    missing = shards.out.with_name("missing.txt")
    merged = shards.merge(f"--missing={missing}")
    assert merged.returncode == 1
    assert "Shards to run again, with --resume --retry_failed: 0" in merged.stdout
    assert sorted(missing.read_text().splitlines()) == sorted(shards.list("--shard=0/2")[1:])
    # As a requeued task, whose variables say what the flag said.
    resumed = shards.run("--resume", RANK="0", WORLD_SIZE="2")
    assert resumed.returncode == 0, resumed.stderr
    assert shards.rows(0, 2)[0] == before[0]
    assert shards.merge().returncode == 0
    # Another deal is another run.
    other = shards.run("--resume", "--shard=0/2", "--batch_sizes=1,2")
    assert other.returncode == 2
    assert "shard_grid" in other.stderr


def test_processes_repeat_the_rows_of_a_shard(shards: Shards) -> None:
    done = shards.run("--shard=1/8", "--processes=2")
    assert done.returncode == 0, done.stderr
    assert [row["processes"] for row in shards.rows(1, 8)] == [2]
    merged = shards.merge()
    assert f"{shards.out}: 1 of 8 rows" in merged.stdout


def test_shards_without_rows_have_nothing_to_do(shards: Shards) -> None:
    done = shards.run("--shard=8/9")
    assert done.returncode == 0
    assert "Shard 8/9 (--shard): 0 of 8 rows" in done.stderr


@pytest.mark.parametrize("shard", ["2/2", "1", "1/x", "-1/2"])
def test_what_is_not_a_shard_is_refused(shards: Shards, shard: str) -> None:
    done = shards.run(f"--shard={shard}")
    assert done.returncode == 2
    assert f"--shard={shard}: must be i/n with i from 0 to n-1" in done.stderr


@pytest.mark.parametrize("moment", ["Shard 0/2", "Inference/"])
def test_a_terminated_shard_asks_to_be_started_again(
    shards: Shards, tmp_path: Path, moment: str
) -> None:
    """Also where data and weights are still being made, before the first row."""
    command = shards.command("--shard=0/2", "--batches=30")
    if moment.startswith("Shard"):
        command.append(f"--cache_dir={tmp_path / 'cache'}")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if moment in line:
                break
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 4


LAUNCHERS = {
    "torchrun": [sys.executable, "-m", "torch.distributed.run", "--standalone",
                 "--nproc-per-node=2", "--no-python"],
    "mpirun": ["mpirun", "--oversubscribe", "-n", "2"],
}  # fmt: skip
SOURCES = {
    "torchrun": "RANK=1, WORLD_SIZE=2",
    "mpirun": "OMPI_COMM_WORLD_RANK=1, OMPI_COMM_WORLD_SIZE=2",
}
AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_processes_of_a_launcher_measure_the_grid_once(shards: Shards, launcher: str) -> None:
    """As tools/slurm/README.md has it: a failed row does not end the other process."""
    if shutil.which(LAUNCHERS[launcher][0]) is None:
        pytest.skip("mpirun (openmpi-bin) is not installed")
    failing = shards.list("--shard=0/2")[0]
    done = subprocess.run(
        [*LAUNCHERS[launcher], "sh", "-c", '"$@" || [ $? -eq 1 ]', "shard",
         *shards.command("--resume")],
        env=os.environ | AS_ROOT | {"MODEL_SEARCH_FAULT": f"error:{failing}"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    context = json.loads(shards.file(1, 2).read_text())["context"]
    assert context["shard_source"] == SOURCES[launcher]
    merged = shards.merge()
    assert merged.returncode == 1
    assert "8 of 8 rows, 1 of them failed" in merged.stdout


def test_processes_at_the_same_time_write_what_one_writes(shards: Shards, program: Program) -> None:
    """torchrun's variables, with processes that run at the same time."""
    alone = program.run(*GRID, "--shard=none")
    started = [
        subprocess.Popen(
            shards.command(), env=os.environ | {"RANK": str(rank), "WORLD_SIZE": "3"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for rank in range(3)
    ]  # fmt: skip
    assert [process.wait(300) for process in started] == [0, 0, 0]
    merged = shards.merge()
    assert merged.returncode == 0, merged.stdout + merged.stderr
    document = json.loads(shards.out.read_text())
    places = ("name", "run_name", "family_index", "repetitions", "row_version")
    of_rows = [[[row[key] for key in places] for row in rows]
               for rows in (document["benchmarks"], alone.rows)]  # fmt: skip
    assert of_rows[0] == of_rows[1]
    # What one process would have written, but for the moment, and what merging adds.
    own = {"date", "load_avg", "merged_shards", "shard_grid"}
    shown = [
        {key: value for key, value in context.items() if key not in own}
        for context in (document["context"], alone.context)
    ]
    assert shown[0] == shown[1]
