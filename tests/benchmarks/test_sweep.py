# SPDX-License-Identifier: Apache-2.0
"""Sweeps that survive: killed, interrupted, out of disk, failed rows, a lost device, resumed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Outcome, Program

SIZES = range(1, 7)
CHEAP = (
    "--steps=Inference",
    "--architectures=resnet18",
    "--configurations=last_1",
    "--devices=cpu",
    "--threads=1",
    "--batch_sizes=" + ",".join(str(size) for size in SIZES),
    "--batches=4",
    "--warmup_batches=1",
)


def name(size: int) -> str:
    return f"Inference/resnet18/last_1/cpu/threads=1/batch:{size}/manual_time"


NAMES = [name(size) for size in SIZES]


@dataclass
class Sweep:
    """One command whose results stay where they are between its runs."""

    program: Program
    out: Path

    def command(self, *flags: str) -> list[str]:
        return self.program.command(self.out, *CHEAP, *flags)

    def run(self, *flags: str, fault: str = "") -> Outcome:
        done = subprocess.run(
            self.command(*flags),
            capture_output=True,
            text=True,
            timeout=300,
            env=os.environ | ({"MODEL_SEARCH_FAULT": fault} if fault else {}),
        )
        rows = self.rows() if self.out.exists() else []
        return Outcome(done.returncode, done.stdout, done.stderr, rows, {})

    def rows(self) -> list[dict]:
        return json.loads(self.out.read_text())["benchmarks"]

    def names(self) -> list[str]:
        return [row["name"] for row in self.rows()]

    def samples(self) -> list[dict]:
        text = self.out.with_suffix(".samples.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def sweep(program: Program, tmp_path: Path) -> Sweep:
    return Sweep(program, tmp_path / "rows.json")


def test_every_sample_is_beside_the_results(sweep: Sweep) -> None:
    outcome = sweep.run("--batch_sizes=1,2", "--precision_target=99%", "--time_budget=20")
    assert outcome.code == 0, outcome.stderr
    samples = {line["name"]: line for line in sweep.samples()}
    assert list(samples) == NAMES[:2]
    for row in outcome.rows:
        line = samples[row["name"]]
        assert len(line["measured"]) == row["batches"] >= 20
        assert len(line["warmup"]) == row["warmup_batches"]
        assert sum(line["measured"]) / row["batches"] == pytest.approx(row["mean"])
        assert 1e3 * row["mean"] == pytest.approx(row["real_time"])
        assert (line["ended_by"] == "precision") == (row["precision_reached"] == 1)


@pytest.mark.parametrize("value", ["0", "-1%", "100%", "2", "1 %", "x", "1%%"])
def test_a_precision_target_that_is_not_a_fraction_is_refused(program: Program, value: str) -> None:
    outcome = program.run(*CHEAP, f"--precision_target={value}")
    assert outcome.code == 2
    assert f"--precision_target: '{value}' is not a fraction" in outcome.stderr


def test_killed_at_random_moments_nothing_finished_is_lost(sweep: Sweep) -> None:
    moments = random.Random(5)
    finished: list[dict] = []
    for _ in range(6):
        process = subprocess.Popen(
            sweep.command("--resume"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        seen = finished
        end = time.monotonic() + moments.uniform(0.5, 5)
        while time.monotonic() < end and process.poll() is None:
            # Complete JSON at any moment, and rows never go.
            if sweep.out.exists():
                rows = sweep.rows()
                assert rows[: len(seen)] == seen
                seen = rows
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if sweep.out.exists():
            rows = sweep.rows()
            assert rows[: len(seen)] == seen
            finished = rows
    outcome = sweep.run("--resume")
    assert outcome.code == 0, outcome.stderr
    assert outcome.rows[: len(finished)] == finished
    assert sweep.names() == NAMES


def test_a_kill_in_the_middle_of_a_row_loses_only_that_row(sweep: Sweep) -> None:
    outcome = sweep.run(fault=f"kill:{name(3)}")
    assert outcome.code == -signal.SIGKILL
    assert sweep.names() == NAMES[:2]
    before = sweep.rows()
    outcome = sweep.run("--resume")
    assert outcome.code == 0
    assert "2 of 6 rows are there already" in outcome.stderr
    assert outcome.rows[:2] == before
    assert sweep.names() == NAMES
    assert [line["name"] for line in sweep.samples()] == NAMES
    # Nothing is left to do.
    outcome = sweep.run("--resume")
    assert outcome.code == 0
    assert sweep.names() == NAMES


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_finishes_the_row_in_hand(sweep: Sweep, number: signal.Signals) -> None:
    process = subprocess.Popen(
        sweep.command("--batches=30"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 120
    while not sweep.out.exists() or not sweep.rows():
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.005)
    process.send_signal(number)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 4
    assert "--resume" in errors
    names = sweep.names()
    assert 1 <= len(names) < len(NAMES)
    assert names == NAMES[: len(names)]
    assert not any(row.get("error_occurred") for row in sweep.rows())


def test_results_of_other_options_are_refused(sweep: Sweep) -> None:
    assert sweep.run("--batch_sizes=1").code == 0
    before = sweep.out.read_bytes()
    outcome = sweep.run("--batch_sizes=1", "--batches=5", "--resume")
    assert outcome.code == 2
    assert "option_batches: '4', now '5'" in outcome.stderr
    assert sweep.out.read_bytes() == before


def test_other_repetitions_are_refused(sweep: Sweep) -> None:
    assert sweep.run("--batch_sizes=1", "--benchmark_repetitions=2").code == 0
    outcome = sweep.run("--batch_sizes=1", "--benchmark_repetitions=3", "--resume")
    assert outcome.code == 2
    assert "--benchmark_repetitions=2, now 3" in outcome.stderr
    assert sweep.run("--batch_sizes=1", "--benchmark_repetitions=2", "--resume").code == 0


def test_samples_of_a_row_that_was_lost_are_replaced(sweep: Sweep) -> None:
    assert sweep.run("--batch_sizes=1,2").code == 0
    document = json.loads(sweep.out.read_text())
    del document["benchmarks"][1]
    sweep.out.write_text(json.dumps(document))
    first, lost = sweep.samples()
    outcome = sweep.run("--batch_sizes=1,2", "--resume")
    assert outcome.code == 0, outcome.stderr
    kept, again = sweep.samples()
    assert kept == first
    assert again["name"] == lost["name"] == name(2)
    assert again["measured"] != lost["measured"]


def test_results_of_another_machine_or_build_are_refused(sweep: Sweep) -> None:
    assert sweep.run("--batch_sizes=1").code == 0
    for fact in ("row_versions", "cpu_model", "git_revision", "libtorch_version"):
        document = json.loads(sweep.out.read_text())
        document["context"][fact] = "another"
        sweep.out.write_text(json.dumps(document))
        outcome = sweep.run("--batch_sizes=1", "--resume")
        assert outcome.code == 2
        assert f"{fact}: 'another'" in outcome.stderr


def test_a_file_that_is_no_json_is_refused_and_kept(sweep: Sweep) -> None:
    sweep.out.write_text("{")
    done = subprocess.run(sweep.command("--resume"), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert str(sweep.out) in done.stderr
    assert sweep.out.read_text() == "{"


def test_resume_needs_a_file(program: Program) -> None:
    command = [str(program.binary), *CHEAP, f"--cache_dir={program.cache}", "--resume"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "--resume needs --benchmark_out" in done.stderr


@pytest.mark.parametrize("kind", ["error", "out_of_memory"])
def test_a_failing_combination_is_one_row_however_often_it_is_repeated(
    sweep: Sweep, kind: str
) -> None:
    outcome = sweep.run("--batch_sizes=1,2,3", "--benchmark_repetitions=5", fault=f"{kind}:batch:2")
    assert outcome.code == 1
    rows = [row for row in outcome.rows if row["run_type"] == "iteration"]
    failed = {row["name"] for row in rows if row.get("error_occurred")}
    assert failed == {name(2)}
    for size in (1, 3):
        assert sum(row["name"] == name(size) for row in rows) == 5
    # A failed row is a result: it is kept, unless it is asked for again.
    outcome = sweep.run("--batch_sizes=1,2,3", "--benchmark_repetitions=5", "--resume")
    assert outcome.code == 1
    assert "3 of 3 rows are there already" in outcome.stderr
    again = sweep.run(
        "--batch_sizes=1,2,3", "--benchmark_repetitions=5", "--resume", "--retry_failed"
    )
    assert again.code == 0, again.stderr
    assert not any(row.get("error_occurred") for row in again.rows)


def test_after_a_lost_device_the_rest_goes_on_in_a_fresh_process(sweep: Sweep) -> None:
    """The loss is simulated; the fresh process is real."""
    outcome = sweep.run(fault=f"lost_device:{name(3)}")
    assert outcome.code == 1
    assert "the run continues in a new one" in outcome.stderr
    assert sweep.names() == NAMES
    failed = [row for row in outcome.rows if row.get("error_occurred")]
    assert [row["name"] for row in failed] == [name(3)]


def test_a_full_disk_keeps_the_rows_before_it(sweep: Sweep, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    try:
        sweep.out = disk / "rows.json"
        outcome = sweep.run()
        assert outcome.code == 5
        assert "No space left on device" in outcome.stderr
        names = sweep.names()
        assert 1 <= len(names) < len(NAMES)
        assert names == NAMES[: len(names)]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    program: Program, tmp_path: Path
) -> None:
    sweep = Sweep(program, tmp_path / "no" / "folder" / "rows.json")
    done = subprocess.run(sweep.command(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"cannot write '{sweep.out}': No such file or directory" in done.stderr
