# SPDX-License-Identifier: Apache-2.0
"""How much two runs of the same rows differ."""

import json
from pathlib import Path

import medians_agree
import planted_results
import pytest


def inference(network: str, median: float, submit: float | None = None, **counters: object) -> dict:
    return planted_results.row(
        f"Inference/{network}/full/cuda/batch:32",
        median,
        p50=median,
        submit_seconds=submit,
        **counters,
    )


def write(path: Path, rows: list[dict]) -> Path:
    path.write_text(
        json.dumps({"context": planted_results.CONTEXT, "benchmarks": rows}), encoding="utf-8"
    )
    return path


def run(tmp_path: Path, first: list[dict], second: list[dict], *options: str) -> int:
    files = [write(tmp_path / "first.json", first), write(tmp_path / "second.json", second)]
    return medians_agree.main([str(file) for file in files] + list(options))


def test_rows_beyond_the_bound_are_named_largest_first(tmp_path, capsys) -> None:
    first = [inference("resnet18", 1.0), inference("resnet34", 1.0), inference("resnet50", 2.0)]
    second = [inference("resnet18", 1.009), inference("resnet34", 1.02), inference("resnet50", 1.9)]
    assert run(tmp_path, first, second) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(" -5.00 %  Inference/resnet50/")
    assert lines[1].startswith(" +2.00 %  Inference/resnet34/")
    assert lines[2].startswith(
        "1 of 3 medians (33.3 %) agree within 1 %; half of them within 2.00 %"
    )
    assert lines[3].startswith("3 (100.0 %) differ by at most their joint 95 % interval; 0 by")
    assert len(lines) == 4


def test_joint_intervals_know_what_other_processes_give(tmp_path, capsys) -> None:
    steady = {"ci95_rel": 0.001, "launch_share": 0.1}
    first = [
        inference("resnet18", 1.0, **steady),  # Within 1.96 * hypot(0.3 %, 0.3 %) = 0.83 %.
        inference("resnet34", 1.0, **steady),
        inference("resnet50", 1.0, ci95_rel=0.001),  # Nothing says that the host keeps ahead.
    ]
    second = [
        inference("resnet18", 1.008, **steady),
        inference("resnet34", 1.009, **steady),
        inference("resnet50", 1.1, ci95_rel=0.001),
    ]
    run(tmp_path, first, second)
    assert "2 (66.7 %) differ by at most their joint 95 % interval; 0 by" in capsys.readouterr().out


def test_enough_rows_that_agree_are_enough(tmp_path) -> None:
    first = [inference("resnet18", 1.0), inference("resnet34", 1.0)]
    second = [inference("resnet18", 1.0), inference("resnet34", 1.5)]
    assert run(tmp_path, first, second, "--share=50%") == 0
    assert run(tmp_path, first, second, "--within=50%") == 0
    assert run(tmp_path, first, second) == 1


def test_rows_that_a_slow_host_shows_in_are_marked(tmp_path, capsys) -> None:
    # One of the runs is enough, since the host may have been quick in the other.
    first = [inference("resnet18", 1.0, 0.4), inference("resnet34", 1.0, 0.1)]
    second = [inference("resnet18", 1.5, 0.9), inference("resnet34", 1.5, 0.1)]
    assert run(tmp_path, first, second) == 1
    lines = capsys.readouterr().out.splitlines()
    marked = [line for line in lines[:2] if line.endswith("(host)")]
    assert len(marked) == 1
    assert "resnet18" in marked[0]
    assert "1 of these 1 disagree, 1 of the 1 others" in lines[-1]


def test_copies_are_not_evidence(tmp_path, capsys) -> None:
    rows = [inference("resnet18", 1.0), inference("vit_b_16", 1.0, label="same_cut_as=last_25pct")]
    assert run(tmp_path, rows, rows) == 0
    told = capsys.readouterr().out
    assert "1 of 1 medians" in told
    assert "1 rows are left out: each copies a row" in told


def test_rows_of_one_file_are_counted(tmp_path, capsys) -> None:
    first = [inference("resnet18", 1.0), inference("resnet34", 1.0)]
    second = [
        inference("resnet18", 1.0),
        planted_results.failed("Inference/resnet34/full/cuda/batch:32"),
    ]
    assert run(tmp_path, first, second) == 0
    assert "1 of 1 medians" in (told := capsys.readouterr().out)
    assert "1 rows are in one file only" in told


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ([inference("resnet50", 1.0)], "no measured row in common"),
        (None, "second.json"),
    ],
)
def test_bad_input_is_named(tmp_path, capsys, second, says) -> None:
    first = write(tmp_path / "first.json", [inference("resnet18", 1.0)])
    other = tmp_path / "second.json"
    if second is not None:
        write(other, second)
    assert medians_agree.main([str(first), str(other)]) == 2
    assert says in capsys.readouterr().err
