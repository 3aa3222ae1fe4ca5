# SPDX-License-Identifier: Apache-2.0
"""Where results go: files, links, streams, tables; and Google Benchmark's own flags."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import Program

ONE = ("--steps=LoadData", "--architectures=resnet18", "--devices=cpu", "--decoders=stb",
       "--workers=1", "--batch_sizes=1", "--batches=3", "--warmup_batches=1")  # fmt: skip
TWO_STEPS = (*ONE, "--steps=LoadData,LoadModel", "--configurations=last_1", "--batches=2")


def run(program: Program, photographs: Path, *flags: str, **options) -> subprocess.CompletedProcess:
    command = [program.binary, f"--cache_dir={program.cache}", f"--data_dir={photographs}", *flags]
    return subprocess.run(command, capture_output=True, text=True, check=True, **options)


def test_a_link_is_followed_and_a_mode_is_kept(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    target, link = tmp_path / "kept/rows.json", tmp_path / "link.json"
    target.parent.mkdir()
    target.write_text("{}")
    target.chmod(0o640)
    link.symlink_to("kept/rows.json")
    run(program, photographs, *ONE, f"--benchmark_out={link}")
    assert link.is_symlink()
    assert len(json.loads(target.read_text())["benchmarks"]) == 1
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in target.parent.iterdir()) == ["rows.json"]


def test_a_stream_gets_the_results_once(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        run(program, photographs, *ONE, "--batch_sizes=1,2", f"--benchmark_out={pipe}")
        text, _ = reader.communicate()
    assert len(json.loads(text)["benchmarks"]) == 2
    assert pipe.is_fifo()
    # In place, although the stream is a regular file.
    with (tmp_path / "out.txt").open("w") as out:
        out.write("before\n")
        out.flush()
        flag = f"--benchmark_out=/dev/fd/{out.fileno()}"
        run(program, photographs, *ONE, flag, pass_fds=(out.fileno(),))
        out.write("after\n")
    before, text = (tmp_path / "out.txt").read_text().split("\n", 1)
    assert (before, text[-6:]) == ("before", "after\n")
    assert len(json.loads(text[:-6])["benchmarks"]) == 1
    null = Path("/dev/null").stat()
    run(program, photographs, *ONE, "--benchmark_out=/dev/null")
    assert Path("/dev/null").stat().st_rdev == null.st_rdev


def test_a_stream_cannot_be_resumed(program: Program) -> None:
    outcome = program.run(*ONE, "--benchmark_out=/dev/null", "--resume")
    assert outcome.code == 2
    assert "--benchmark_out=/dev/null is a stream" in outcome.stderr
    outcome = program.run(*ONE, "--retry_failed")
    assert outcome.code == 2
    assert "--retry_failed needs --resume" in outcome.stderr


def test_csv_holds_rows_of_different_steps(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.csv"
    shown = run(
        program, photographs, *TWO_STEPS, "--benchmark_format=csv",
        f"--benchmark_out={out}", "--benchmark_out_format=csv",
    ).stdout  # fmt: skip
    for text in (shown[: shown.index("\n\n")] if "\n\n" in shown else shown, out.read_text()):
        model, loading = csv.DictReader(io.StringIO(text))
        assert loading["name"].startswith("LoadData/")
        assert float(loading["items_per_second"]) > 0
        assert loading["read_seconds"] == ""
        assert float(model["read_seconds"]) > 0
        assert model["busy_fraction"] == ""
        assert model["time_unit"] == "ms"


def test_csv_writes_the_coefficient_of_variation_as_a_share(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.csv"
    flags = ("--benchmark_repetitions=3", "--benchmark_out_format=csv", f"--benchmark_out={out}")
    run(program, photographs, *ONE, *flags)
    rows = {row["name"].rsplit("_", 1)[1]: row for row in csv.DictReader(out.open())}
    share = float(rows["stddev"]["real_time"]) / float(rows["mean"]["real_time"])
    assert float(rows["cv"]["real_time"]) == pytest.approx(share, rel=1e-5)
    assert (rows["cv"]["time_unit"], rows["mean"]["time_unit"]) == ("", "ms")


@pytest.mark.parametrize(
    "flags",
    [
        ("--benchmark_out=/dev/full", "--benchmark_out_format=csv"),
        ("--benchmark_format=csv",),
        ("--benchmark_format=json",),
    ],
)
def test_tables_that_cannot_be_written_have_an_exit_code(
    program: Program, photographs: Path, flags: tuple[str, ...]
) -> None:
    command = [program.binary, f"--cache_dir={program.cache}", f"--data_dir={photographs}"]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([*command, *ONE, *flags], stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 5
    assert b"cannot write '" in ended.stderr


def test_only_aggregates_are_shown_and_all_rows_are_kept(
    program: Program, photographs: Path
) -> None:
    flags = ("--benchmark_repetitions=3", f"--data_dir={photographs}")
    outcome = program.run(*ONE, *flags, "--benchmark_display_aggregates_only")
    assert "_median" in outcome.stdout
    shown = [line.split()[0] for line in outcome.stdout.splitlines() if "LoadData/" in line]
    assert {name.rsplit("_", 1)[1] for name in shown} == {"mean", "median", "stddev", "cv"}
    kinds = [row["run_type"] for row in outcome.rows]
    assert kinds.count("iteration") == 3
    assert "aggregate" in kinds
    outcome = program.run(*ONE, *flags, "--benchmark_report_aggregates_only=true")
    assert {row["run_type"] for row in outcome.rows} == {"aggregate"}


def test_other_flags_of_google_benchmark(program: Program, photographs: Path, monkeypatch) -> None:
    data = f"--data_dir={photographs}"
    outcome = program.run(
        *ONE, data, "--benchmark_time_unit=us", "--benchmark_context=owner=me",
        "--benchmark_counters_tabular=true", "--benchmark_color=true",
    )  # fmt: skip
    (row,) = outcome.rows
    assert row["time_unit"] == "us"
    assert outcome.context["owner"] == "me"
    assert "\x1b[" in outcome.stdout
    assert "Items/s" in outcome.stdout
    assert " us " in outcome.stdout
    outcome = program.run(*ONE, data, "--benchmark_color=false")
    assert "\x1b[" not in outcome.stdout
    assert outcome.rows[0]["time_unit"] == "ms"
    outcome = program.run(
        *ONE, data, "--batch_sizes=1,2", "--benchmark_repetitions=2",
        "--benchmark_enable_random_interleaving=true",
    )  # fmt: skip
    assert sum(row["run_type"] == "iteration" for row in outcome.rows) == 4
    outcome = program.run(*ONE, data, "--benchmark_format=xml")
    assert outcome.code == 2
    assert "choices are console, json and csv" in outcome.stderr
    for flag in ("benchmark_repetitions=0", "benchmark_repetitions=a", "benchmark_time_unit=h"):
        outcome = program.run(*ONE, data, f"--{flag}")
        assert (outcome.code, outcome.rows) == (2, [])
        assert f"--{flag}: " in outcome.stderr
    monkeypatch.setenv("BENCHMARK_FILTER", "Data/images")
    assert len(program.run(*TWO_STEPS, data).rows) == 1


def test_the_terminal_begins_with_three_lines(program: Program, photographs: Path) -> None:
    errors = program.run(*ONE, f"--data_dir={photographs}").stderr.splitlines()
    assert len(errors) == 4  # One line reports that a GPU is missing.
    assert errors[1].startswith("model_search_bench ")
    assert errors[2].startswith("40 images of 10 classes")
    assert errors[3].startswith("1 row for ")


def test_the_terminal_ends_with_the_limit_and_the_ranking(
    program: Program, photographs: Path
) -> None:
    outcome = program.run(
        f"--data_dir={photographs}", "--devices=cpu", "--steps=EndToEnd", "--items=20",
        "--architectures=resnet18", "--configurations=full", "--modes=serial", "--batch_sizes=8",
    )  # fmt: skip
    table, end = outcome.stdout.split("\n\n", 1)
    assert all(len(line) <= 120 for line in outcome.stdout.splitlines())
    assert "CPU" not in table and "\x1b" not in outcome.stdout
    assert re.search(r"^EndToEnd/resnet18/full/cpu/.* % *$", table, re.MULTILINE)
    assert len(end.splitlines()) <= 15
    assert end.startswith("EndToEnd (images on cpu): 1 candidate of 20 items in ")
    assert "; largest step " in end
    assert "\n  1. resnet18 " in end
    assert "\nWhat to change: tools/report.py " in end
    assert "WARNING" not in outcome.stderr


def test_each_repetition_is_on_disk_when_it_is_measured(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    """A process that is killed among repetitions keeps those before; --resume measures all."""
    out = tmp_path / "rows.json"
    command = [program.binary, f"--cache_dir={program.cache}", f"--data_dir={photographs}", *ONE,
               f"--benchmark_out={out}", "--benchmark_repetitions=5000"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        rows = []
        while len(rows) < 3:
            assert running.poll() is None
            text = out.read_text() if out.exists() else ""
            rows = json.loads(text)["benchmarks"] if text else []
        running.kill()
    rows = json.loads(out.read_text())["benchmarks"]
    assert [row["repetition_index"] for row in rows] == list(range(len(rows)))
    assert all(row["repetitions"] == 5000 and row["p50"] > 0 for row in rows)
    assert all(row["row_version"] == 2 for row in rows)
    document = json.loads(out.read_text())
    for row in document["benchmarks"]:
        row["repetitions"] = 2
    out.write_text(json.dumps(document | {"benchmarks": document["benchmarks"][:1]}))
    command[-1] = "--benchmark_repetitions=2"
    subprocess.run([*command, "--resume"], capture_output=True, check=True)
    rows = json.loads(out.read_text())["benchmarks"]
    assert [row["repetition_index"] for row in rows if row["run_type"] == "iteration"] == [0, 1]
