# SPDX-License-Identifier: Apache-2.0
"""--shard=auto: workers that take rows one by one from a store, what goes wrong there, and what
tools/merge.py makes of their files."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import ROOT, Program

# 6 rows of two networks.
GRID = (
    "--steps=Inference",
    "--architectures=resnet18,mobilenet_v2",
    "--configurations=last_1",
    "--devices=cpu",
    "--threads=1",
    "--workers=1",
    "--batch_sizes=1,2,3",
    "--batches=3",
    "--warmup_batches=1",
)
LEASE = 3  # seconds


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


@dataclass
class Workers:
    """Processes of one command. What they started is ended with the test."""

    program: Program
    out: Path
    store: str = field(default_factory=lambda: f"localhost:{free_port()}")
    started: list[subprocess.Popen] = field(default_factory=list)

    def command(self, *flags: str) -> list[str]:
        return self.program.command(
            self.out, *GRID, "--shard=auto", f"--store={self.store}", f"--lease_limit={LEASE}",
            *flags,
        )  # fmt: skip

    def start(
        self,
        rank: int | None,
        *flags: str,
        ranks: int = 4,
        descriptors: tuple[int, ...] = (),
        **variables: str,
    ):
        """A worker whose errors are in its file `errors`. It inherits the descriptors."""
        if rank is not None:
            variables |= {"RANK": str(rank), "WORLD_SIZE": str(ranks)}
        number = len(self.started)
        errors = self.out.parent / f"errors-{number}.txt"
        with errors.open("w") as stream:
            process = subprocess.Popen(
                self.command(*flags), env=os.environ | variables, stdout=subprocess.DEVNULL,
                stderr=stream, pass_fds=descriptors,
            )  # fmt: skip
        process.errors = errors  # type: ignore[attr-defined]
        self.started.append(process)
        return process

    def run(self, rank: int | None, *flags: str, ranks: int = 4, **variables: str):
        worker = self.start(rank, *flags, ranks=ranks, **variables)
        return worker.wait(120), worker.errors.read_text()

    def stores(self) -> list[int]:
        """The processes that serve this store."""
        found = subprocess.run(
            ["pgrep", "-f", f"[-]-serve_store {self.store} "], capture_output=True, text=True
        )
        return [int(word) for word in found.stdout.split()]

    def names(self, worker: str) -> list[str]:
        path = self.out.with_name(f"RESULTS.shard-auto-{worker}.json")
        if not path.exists():
            return []
        return [row["name"] for row in json.loads(path.read_text())["benchmarks"]]

    def listed(self, *flags: str) -> list[str]:
        return subprocess.run(
            self.command(*flags, "--benchmark_list_tests"), capture_output=True, text=True
        ).stdout.splitlines()

    def merge(self) -> subprocess.CompletedProcess:
        command = [sys.executable, ROOT / "tools/merge.py", self.out.parent, "-o", self.out]
        return subprocess.run(command, capture_output=True, text=True)

    def merged(self) -> list[str]:
        return [row["name"] for row in json.loads(self.out.read_text())["benchmarks"]]


@pytest.fixture(scope="module")
def warm(program: Program) -> Program:
    """The program, with the data and the weights of the grid in its cache."""
    assert program.run(*GRID, "--batch_sizes=1", "--batches=1", "--warmup_batches=0").code == 0
    return program


@pytest.fixture
def workers(warm: Program, tmp_path: Path) -> Iterator[Workers]:
    started = Workers(warm, tmp_path / "RESULTS.json")
    yield started
    for process in started.started:
        if process.poll() is None:
            process.kill()
            process.wait()
    for process in started.stores():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def wait_for(true: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_two_of_four_workers_are_killed(workers: Workers) -> None:
    """The second after it has measured a row; the fourth kills itself in its first row."""
    # So many rows that some are left when the second is killed, amid a row of 2 s.
    slow = ("--batches=100000", "--time_budget=2", "--batch_sizes=1,2,3,4,5,6,7,8")
    listed = workers.listed(*slow)
    assert len(listed) == 16
    first = workers.start(0, *slow)
    second = workers.start(1, *slow)
    third = workers.start(2, *slow)
    fourth = workers.start(3, *slow, MODEL_SEARCH_FAULT="kill:Inference")
    assert fourth.wait(120) == -signal.SIGKILL
    wait_for(lambda: workers.names("1"))
    # The next row has begun, which takes 2 s. The time decides, since no worker says on stderr that
    # it begins a row, and the store's entries are private to the program.
    time.sleep(1.5)
    second.kill()
    assert first.wait(120) == 0
    assert third.wait(120) == 0
    assert workers.names("3") == []
    kept = [workers.names(str(rank)) for rank in range(3)]
    assert 1 <= len(kept[1]) < 16
    assert sorted(name for names in kept for name in names) == sorted(listed)
    errors = "".join(each.errors.read_text() for each in (first, second, third))
    assert len(re.findall(r"The lease of Inference/\S+ is taken back: worker \d+ ", errors)) == 2
    merged = workers.merge()
    assert merged.returncode == 0, merged.stdout
    assert workers.merged() == listed
    assert "more than once" not in merged.stdout
    wait_for(lambda: not workers.stores())


def test_workers_without_ranks_have_names_of_their_own(workers: Workers) -> None:
    both = [workers.start(None) for _ in range(2)]
    assert [worker.wait(120) for worker in both] == [0, 0]
    host = re.sub(r"[^A-Za-z0-9]", "-", socket.gethostname().split(".")[0])
    assert len(workers.names(f"{host}-0") + workers.names(f"{host}-1")) == 6
    assert workers.merge().returncode == 0
    assert workers.merged() == workers.listed()


def test_what_is_measured_is_resumed_by_other_workers(workers: Workers) -> None:
    """A failed row is measured again with --retry_failed alone."""
    failing = workers.listed()[3]
    code, _ = workers.run(1, "--store_wait=0.1")
    assert code == 2  # Rank 1 starts no store.
    code, errors = workers.run(0, ranks=1, MODEL_SEARCH_FAULT=f"error:{failing}")
    assert code == 1, errors
    [name] = [path.name for path in workers.out.parent.glob("*.shard-auto-*.json")]
    again, errors = workers.run(0, ranks=2)
    assert again == 2
    assert f"{name}' is there from an earlier run; give --resume" in errors
    code, errors = workers.run(0, "--resume")
    assert code == 0, errors
    assert workers.names("0") == []
    code, errors = workers.run(0, "--resume", "--retry_failed")
    assert code == 0, errors
    assert workers.names("0") == [failing]
    assert workers.merge().returncode == 0
    workers.out.with_name("RESULTS.shard-auto-0.json").unlink()
    other, errors = workers.run(0, "--resume", "--batch_sizes=1")
    assert other == 2
    assert "has rows of another grid" in errors
    other, errors = workers.run(0, "--resume", "--batches=4")
    assert other == 2
    assert f"{name}' was measured on another machine" in errors
    assert "option_batches: '3', now '4'" in errors


def test_a_terminated_worker_gives_its_row_back_at_once(workers: Workers) -> None:
    """The row takes longer than the time in which it may finish."""
    long = (
        "--batches=1000000", "--time_budget=20", "--lease_limit=600",
        "--architectures=resnet18", "--batch_sizes=1",
    )  # fmt: skip
    first = workers.start(0, *long, MODEL_SEARCH_FAULT="hang:Inference")
    wait_for(lambda: workers.stores() and "whose context" in first.errors.read_text())
    second = workers.start(1, *long, "--batches=3")
    assert second.wait(120) == 2  # other flags
    assert "option_batches: '1000000', here '3'" in second.errors.read_text()
    second = workers.start(1, *long, "--lease_limit=601")
    assert second.wait(120) == 2
    assert "option_lease_limit: '600.0" in second.errors.read_text()
    time.sleep(1)
    second = workers.start(1, *long)
    wait_for(lambda: "Waiting for the last row, which another" in second.errors.read_text())
    first.terminate()
    assert first.wait(15) == 4
    wait_for(lambda: "is taken back" in second.errors.read_text() or second.poll() is not None, 30)
    assert second.wait(120) == 0
    assert len(workers.names("1")) == 1


def test_a_lost_store_ends_workers_after_their_row(workers: Workers) -> None:
    slow = ("--batches=100000", "--time_budget=1")
    both = [workers.start(rank, *slow) for rank in range(2)]
    wait_for(lambda: workers.names("0") and workers.names("1"))
    [store] = workers.stores()
    os.kill(store, signal.SIGKILL)
    assert [worker.wait(120) for worker in both] == [4, 4]
    for worker in both:
        errors = worker.errors.read_text()
        assert f"the store at {workers.store} cannot be used: " in errors
        assert "start all workers again with --resume" in errors
    assert workers.merge().returncode == 1
    before = workers.merged()
    assert 2 <= len(before) < 6
    again = [workers.start(rank, *slow, "--resume") for rank in range(2)]
    assert [worker.wait(120) for worker in again] == [0, 0]
    merged = workers.merge()
    assert merged.returncode == 0
    assert "more than once" not in merged.stdout
    assert workers.merged() == workers.listed()


def test_a_stalled_row_leaves_the_store_to_the_others(workers: Workers) -> None:
    """The process replaces itself, and goes on as the same worker."""
    stalling = workers.listed()[0]
    first = workers.start(
        0, "--stall_limit=1", ranks=2, MODEL_SEARCH_FAULT=f"block_disk:{stalling}"
    )
    wait_for(lambda: "whose context" in first.errors.read_text())
    second = workers.start(1, "--stall_limit=1", ranks=2)
    assert second.wait(120) == 0, second.errors.read_text()
    assert first.wait(120) == 1, first.errors.read_text()
    assert len(workers.names("0") + workers.names("1")) == 6
    assert "taken back" not in first.errors.read_text() + second.errors.read_text()


def test_more_workers_than_rows(workers: Workers) -> None:
    flags = ("--architectures=resnet18", "--batch_sizes=1")
    started = [workers.start(rank, *flags, ranks=3) for rank in range(3)]
    assert [worker.wait(120) for worker in started] == [0, 0, 0]
    assert sorted(len(workers.names(str(rank))) for rank in range(3)) == [0, 0, 1]
    nothing, _ = workers.run(0, "--benchmark_filter=nothing")
    assert nothing == 3


def test_a_late_worker_finds_the_store(workers: Workers) -> None:
    """All rows are done by then, and no other worker has joined."""
    flags = ("--architectures=resnet18", "--batch_sizes=1", "--lease_limit=60")
    first = workers.start(0, *flags, ranks=2)
    wait_for(lambda: workers.names("0"))
    time.sleep(1)  # A store without a living worker would have ended.
    code, errors = workers.run(1, *flags, "--store_wait=0.1", ranks=2)
    assert code == 0, errors
    assert first.wait(120) == 0


def test_the_store_keeps_no_pipe_of_its_worker_open(workers: Workers) -> None:
    reading, writing = os.pipe()
    pipe = os.readlink(f"/proc/self/fd/{writing}")
    slow = ("--batches=100000", "--time_budget=2")
    first = workers.start(0, *slow, descriptors=(writing,))
    wait_for(lambda: "Worker 0 (" in first.errors.read_text())
    [store] = workers.stores()
    opened = [os.readlink(path) for path in Path(f"/proc/{store}/fd").iterdir()]
    os.close(reading)
    os.close(writing)
    assert any(name.startswith("socket:") for name in opened)
    assert pipe not in opened


def test_a_file_that_only_its_own_worker_sees_is_not_overwritten(workers: Workers) -> None:
    """As in a folder of another machine."""
    slow = ("--batches=100000", "--time_budget=2")
    workers.start(0, *slow)
    wait_for(workers.stores)
    earlier = workers.out.with_name("RESULTS.shard-auto-1.json")
    earlier.write_text("{}")
    code, errors = workers.run(1, *slow)
    assert code == 2
    assert f"{earlier.name}' is there from an earlier run; give --resume" in errors
    assert earlier.read_text() == "{}"


def test_a_restarted_worker_goes_on_with_its_file_only_with_resume(workers: Workers) -> None:
    slow = ("--batches=100000", "--time_budget=2")
    first = workers.start(0, *slow)
    second = workers.start(1, *slow)
    wait_for(lambda: workers.names("1"))
    code, errors = workers.run(1, *slow, "--resume")
    assert code == 2
    assert "another living worker of this store has the name 1" in errors
    second.kill()
    second.wait()
    kept = workers.names("1")
    code, errors = workers.run(1, *slow)
    assert code == 2
    assert "a worker of the name 1 has joined this store before; give --resume" in errors
    code, errors = workers.run(1, *slow, "--resume")
    assert code == 0, errors
    assert first.wait(120) == 0
    assert workers.names("1")[: len(kept)] == kept
    assert sorted(workers.names("0") + workers.names("1")) == sorted(workers.listed())


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--store=n1",), "--store=n1: must be HOST:PORT"),
        (("--shard=0/2",), " needs --shard=auto"),
        (("--interleave",), "--interleave needs the rows of a network together"),
        (("--processes=2",), "--processes needs the same rows in every process"),
        (
            ("--store=no-such-host.invalid:1", "--store_wait=0.2"),
            "no store answers there after 0.2",
        ),
        (("--lease_limit=0",), "'0' must be a positive number of seconds"),
    ],
)
def test_what_cannot_work_is_named(workers: Workers, flags: tuple[str, ...], message: str) -> None:
    code, errors = workers.run(None, *flags)
    assert code == 2
    assert message in errors


def test_what_is_not_a_store_is_named(workers: Workers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        workers.store = f"127.0.0.1:{other.getsockname()[1]}"
        worker = workers.start(0)
        connection, _ = other.accept()  # the look whether something listens
        connection.close()
        connection, _ = other.accept()
        connection.close()
        other.close()
        assert worker.wait(90) == 2
    assert f"--store: the store at {workers.store} " in worker.errors.read_text()


def test_processes_of_torchrun_take_rows_from_its_own_store(workers: Workers) -> None:
    command = " ".join(workers.command()).replace(f"--store={workers.store}",
                                                  "--store=$MASTER_ADDR:$MASTER_PORT")  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--nnodes=1", "--nproc-per-node=2",
         f"--master-port={free_port()}", "--no-python", "sh", "-c", f"exec {command}"],
        capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(workers.names("0") + workers.names("1")) == 6
    assert workers.merge().returncode == 0
    assert workers.merged() == workers.listed()
