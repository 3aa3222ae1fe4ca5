# SPDX-License-Identifier: Apache-2.0
"""--processes: every row in several fresh processes, merged into one file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import Program

ROWS = (
    "--steps=LoadData",
    "--architectures=resnet18",
    "--devices=cpu",
    "--decoders=stb",
    "--workers=2",
    "--batch_sizes=1,2",
    "--batches=4",
    "--warmup_batches=1",
)


def own(program: Program, number: int) -> dict:
    return json.loads((program.cache / f"rows.processes/{number}.json").read_text())


def test_rows_of_several_processes_are_merged_and_lost_ones_resumed(
    program: Program, photographs: Path, monkeypatch
) -> None:
    command = (*ROWS, "--processes=2", f"--data_dir={photographs}")
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "kill:batch:2/")
    killed = program.run(*command)
    assert killed.code == 1
    assert [row["processes"] for row in killed.rows] == [2]
    assert "Process 1 of 2 was ended by signal 9" in killed.stderr

    monkeypatch.delenv("MODEL_SEARCH_FAULT")
    before = [own(program, number)["benchmarks"][0] for number in (1, 2)]
    resumed = subprocess.run(
        [program.binary, f"--cache_dir={program.cache}", *command, "--resume",
         f"--benchmark_out={program.cache / 'rows.json'}"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert resumed.returncode == 0, resumed.stderr
    document = json.loads((program.cache / "rows.json").read_text())
    rows = document["benchmarks"]
    assert [own(program, number)["benchmarks"][0] for number in (1, 2)] == before
    assert [(row["processes"], row["failed_processes"]) for row in rows] == [(2, 0), (2, 0)]
    for index, row in enumerate(rows):
        times = [own(program, number)["benchmarks"][index]["mean"] for number in (1, 2)]
        assert [row["mean"], row["processes_max"]] == pytest.approx(sorted(times))
        assert row["ci95_processes_rel"] > 0
        assert row["name"] in resumed.stdout.rsplit("95 %", 1)[1]
    assert document["context"]["processes"] == "2"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--benchmark_repetitions=3",), "leave out --benchmark_repetitions=3"),
        (("--benchmark_format=json",), "leave out --benchmark_format=json"),
        (("--benchmark_out=",), "needs --benchmark_out=FILE.json"),
    ],
)
def test_what_does_not_go_together_is_refused(
    program: Program, flags: tuple[str, ...], message: str
) -> None:
    outcome = program.run(*ROWS, "--processes=3", *flags)
    assert outcome.code == 2
    assert "--processes=3 " in outcome.stderr
    assert message in outcome.stderr


def run(program: Program, out: Path, *flags: str) -> subprocess.CompletedProcess:
    command = [program.binary, f"--cache_dir={program.cache}", *ROWS, *flags]
    return subprocess.run(
        [*command, f"--benchmark_out={out}"], capture_output=True, text=True, timeout=300
    )


def test_files_of_an_earlier_run_are_removed_before_the_first_process(
    program: Program, photographs: Path, tmp_path: Path, monkeypatch
) -> None:
    flags = ("--batch_sizes=1", f"--data_dir={photographs}", "--processes=3")
    out = tmp_path / "rows.json"
    assert run(program, out, *flags).returncode == 0
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "kill:batch:1/")
    assert run(program, out, *flags[:-1], "--processes=2").returncode == 1
    for number in (1, 2):
        assert not json.loads((tmp_path / f"rows.processes/{number}.json").read_text())[
            "benchmarks"
        ]
    assert not (tmp_path / "rows.processes/3.json").exists()


def test_merged_files_and_others_do_not_replace_each_other(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    flags = ("--batch_sizes=1", f"--data_dir={photographs}")
    single, merged = tmp_path / "single.json", tmp_path / "merged.json"
    assert run(program, single, *flags).returncode == 0
    before = single.read_bytes()
    refused = run(program, single, *flags, "--processes=2", "--resume")
    assert (refused.returncode, single.read_bytes()) == (2, before)
    assert "was measured without --processes" in refused.stderr
    assert run(program, merged, *flags, "--processes=2").returncode == 0
    before = merged.read_bytes()
    refused = run(program, merged, *flags, "--resume")
    assert (refused.returncode, merged.read_bytes()) == (2, before)
    assert "has merged rows of --processes=2" in refused.stderr
    # A damaged file of one process is reported once, by its name.
    (tmp_path / "merged.processes/2.json").write_text("{")
    refused = run(program, merged, *flags, "--processes=2", "--resume")
    assert refused.returncode == 2
    assert refused.stderr.count("parse error") == 1


def test_a_merged_file_that_cannot_be_written(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    flags = ("--batch_sizes=1", f"--data_dir={photographs}", "--processes=2")
    refused = run(program, tmp_path, *flags)
    assert refused.returncode == 2
    assert "it is a folder" in refused.stderr
    assert "Process 1" not in refused.stderr
    link = tmp_path / "link.json"
    link.symlink_to("no_such_folder/rows.json")
    ended = run(program, link, *flags)
    assert ended.returncode == 5, ended.stderr
    assert f"cannot write '{link}'" in ended.stderr
    assert "Process 2" not in ended.stderr


@pytest.mark.parametrize("whole_group", [False, True])
def test_a_signal_ends_the_process_that_runs_and_keeps_the_rows(
    program: Program, photographs: Path, tmp_path: Path, whole_group: bool
) -> None:
    """timeout(1) and a terminal signal both processes, and the first passes it on."""
    out = tmp_path / "rows.json"
    running = subprocess.Popen(
        [program.binary, f"--cache_dir={program.cache}", *ROWS, "--batch_sizes=1,2,4,8",
         "--batches=100000", "--time_budget=2", "--processes=50", f"--data_dir={photographs}",
         f"--benchmark_out={out}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    first = tmp_path / "rows.processes/1.json"
    while not (first.exists() and json.loads(first.read_text())["benchmarks"]):
        assert running.poll() is None
        time.sleep(0.05)
    if whole_group:
        os.killpg(running.pid, signal.SIGTERM)
    else:
        running.send_signal(signal.SIGTERM)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 4, errors
    assert "Process 2 of" not in errors
    assert "was ended by signal" not in errors
    rows = json.loads(out.read_text())["benchmarks"]
    assert 1 <= len(rows) < 4
    assert all(row["processes"] == 1 for row in rows)
