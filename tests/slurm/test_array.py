# SPDX-License-Identifier: Apache-2.0
"""tools/slurm/submit.py on a real Slurm: an array over a small grid, with what goes wrong there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import Cluster, missing

ROOT = Path(__file__).resolve().parents[2]
# 24 rows of a second each.
GRID = (
    "--steps=Inference",
    "--architectures=resnet18,mobilenet_v2",
    "--configurations=last_1,last_2",
    "--devices=cpu",
    "--threads=1",
    "--workers=1",
    "--batch_sizes=1,2,3,4,5,6",
    "--batches=100000",
    "--warmup_batches=1",
    "--time_budget=1",
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    if reason := missing():
        pytest.skip(reason)
    # Everybody may enter the folders above those of the daemons.
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder:
        Path(folder).chmod(0o755)
        with Cluster(Path(folder) / "cluster") as started:
            yield started


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    binary = Path(os.environ.get("MODEL_SEARCH_BINARY", ROOT / "build/release/model_search_bench"))
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    return [str(binary), *GRID, f"--cache_dir={tmp_path_factory.mktemp('cache')}"]


def submit(cluster: Cluster, run: Path, *flags: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, ROOT / "tools/slurm/submit.py", f"--output={run}", "--poll=0.5", *flags],
        env=cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def array_of(submitted: subprocess.Popen) -> str:
    assert submitted.stdout is not None
    read = []
    for line in submitted.stdout:
        read.append(line)
        if line.startswith("Array "):
            return line.split()[1].rstrip(":")
    raise AssertionError("".join(read))


def names(path: Path) -> list[str]:
    if not path.exists():
        return []
    return [row["name"] for row in json.loads(path.read_text())["benchmarks"]]


def kill_one(cluster: Cluster, program: str, shards: list[Path]) -> int:
    """Kills the program of a shard other than the first, amid its rows; returns which."""
    killed: list[int] = []

    def killed_one() -> bool:
        for index in (1, 2, 3):
            found = cluster.run("pgrep", "-f", f"^{program} .*--shard={index}/4 ").split()
            if found and len(names(shards[index])) < 5:
                os.kill(int(found[0]), 9)
                killed.append(index)
                return True
        return False

    cluster.wait(killed_one)
    return killed[0]


def test_an_interrupted_array_gives_the_rows_of_one_process(
    cluster: Cluster, command: list[str], tmp_path: Path
) -> None:
    """One task gets SIGTERM, another is killed, and a node is drained half-way."""
    run = tmp_path / "run"
    submitted = submit(cluster, run, "--shards=4", "--", *command)
    job = array_of(submitted)
    shards = [run / f"RESULTS.shard-{index}-of-4.json" for index in range(4)]
    cluster.wait(lambda: bool(names(shards[0])))
    # As Slurm does before a task's time ends. The task asks to be queued again.
    cluster.signal_batch(f"{job}_0", "TERM")
    # As the system does where memory runs out. The task ends and its rows are missing.
    killed = kill_one(cluster, command[0], shards)
    cluster.run("scontrol", "update", "NodeName=n2", "State=DRAIN", "Reason=test")
    log = run / "task-0.log"
    cluster.wait(lambda: "is queued again" in log.read_text())
    before = names(shards[0])
    assert 1 <= len(before) < 6
    # The other node goes on meanwhile.
    cluster.wait(lambda: sum(len(names(shard)) for shard in shards) > 12)
    cluster.run("scontrol", "update", "NodeName=n2", "State=RESUME")

    output, _ = submitted.communicate(timeout=300)
    assert submitted.returncode == 0, output + log.read_text()
    listed = subprocess.run(
        [*command, "--shard=none", "--benchmark_list_tests"], capture_output=True, text=True
    ).stdout.splitlines()
    assert len(listed) == 24
    assert names(run / "RESULTS.json") == listed
    assert f"{len(before)} of 6 rows are there already" in log.read_text()
    assert f"Shards to run again, with --resume --retry_failed: {killed}" in output
    assert "1 of 4 shards" in output
    assert (run / "report/index.html").is_file()


def test_a_canceled_task_stays_canceled(
    cluster: Cluster, command: list[str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    submitted = submit(cluster, run, "--shards=2", "--tries=1", "--no-report", "--", *command)
    job = array_of(submitted)
    first = run / "RESULTS.shard-0-of-2.json"
    cluster.wait(lambda: bool(names(first)))
    cluster.run("scancel", job)
    output, _ = submitted.communicate(timeout=60)
    assert submitted.returncode == 1, output
    assert "Shards to run again, with --resume --retry_failed: 0,1" in output
    assert "is queued again" not in (run / "task-0.log").read_text()
    assert cluster.states(job) == {}


def test_ranks_of_srun_measure_shards_of_their_own(
    cluster: Cluster, command: list[str], tmp_path: Path
) -> None:
    script = tmp_path / "job.sh"
    words = " ".join([*command, "--benchmark_list_tests"])
    script.write_text(f"#!/bin/sh\n{words} > alone.txt\nsrun -n 2 -o 'rank-%t.txt' {words}\n")
    cluster.run("sbatch", "--wait", "-n", "2", "-D", str(tmp_path), str(script))
    listed = (tmp_path / "alone.txt").read_text().splitlines()
    ranks = [(tmp_path / f"rank-{rank}.txt").read_text().splitlines() for rank in range(2)]
    assert len(listed) == 24
    assert [len(set(rank) & set(listed)) for rank in ranks] == [12, 12]
    assert set(ranks[0]) & set(ranks[1]) & set(listed) == set()


# 8 rows, and a shorter time for each.
FEW = ("--batch_sizes=1,2", "--time_budget=0.2")


def merged(results: Path) -> list[str]:
    """The rows that tools/merge.py finds in the files of workers and shards."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools/merge.py", results.parent, "-o", results],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "more than once" not in done.stdout
    return names(results)


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def test_ranks_of_srun_take_rows_from_one_store(
    cluster: Cluster, command: list[str], tmp_path: Path
) -> None:
    results = tmp_path / "RESULTS.json"
    script = tmp_path / "job.sh"
    words = " ".join([*command, *FEW, f"--benchmark_out={results}", "--shard=auto"])
    script.write_text(
        f"#!/bin/sh\n{words.replace('--shard=auto', '--benchmark_list_tests')} > listed.txt\n"
        f"srun -n 2 --no-kill -o 'rank-%t.txt' {words} --store=$(hostname):{free_port()}\n"
        "touch done\n"
    )
    cluster.run("sbatch", "-n", "2", "-D", str(tmp_path), str(script))
    cluster.wait((tmp_path / "done").exists)
    ranks = [names(tmp_path / f"RESULTS.shard-auto-{rank}.json") for rank in range(2)]
    assert all(ranks), (tmp_path / "rank-0.txt").read_text()
    assert merged(results) == (tmp_path / "listed.txt").read_text().splitlines()
