# SPDX-License-Identifier: Apache-2.0
"""Rows of two versions of one step never stand next to each other, whichever tool reads them."""

import json
from pathlib import Path

import medians_agree
import planted_results
import pytest
from compare import command as compare
from report import command as report
from results import table, versions
from results.reader import ResultError
from track import series
from track.change_points import Rule
from track.entries import entries

LOADING = "LoadData/images/cpu/decoder=stb/workers=8/batch:128"
OTHER = "Inference/resnet18/full/cuda/batch:128"


def write(folder: Path, name: str, version: int | None, day: int = 1, **context: str) -> Path:
    """A file in which the version of LoadData is given, and that of Inference is not."""
    rows = [planted_results.row(LOADING, 0.1, p50=0.1, row_version=version),
            planted_results.row(OTHER, 0.1, p50=0.1)]  # fmt: skip
    path = folder / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    context = planted_results.CONTEXT | {"date": f"2026-01-0{day}T00:00:00Z"} | context
    path.write_text(json.dumps({"context": context, "benchmarks": rows}))
    return path


def test_steps_of_several_versions_are_named_with_their_files() -> None:
    rows = [("LoadData", 1, "a"), ("LoadData", 2, "b"), ("LoadData", 2, "c"), ("Score", 1, "a"),
            ("LoadData", None, "peer")]  # fmt: skip
    assert versions.several(rows) == ["LoadData: row_version 1 (a) and row_version 2 (b, c)"]
    assert versions.of({}) == 1
    assert versions.named("x", {"row_version": 2.0}) == "x (row_version 2)"


def test_a_report_refuses_them(tmp_path: Path, capsys) -> None:
    old, new = write(tmp_path, "old", None), write(tmp_path, "new", 2)
    said = r"LoadData: row_version 1 \(old\) and row_version 2 \(new\)"
    with pytest.raises(ResultError, match=said):
        table.read([old, new])
    assert len(table.read([old, write(tmp_path, "same", 1)]).rows) == 4
    assert len(table.read([old, new], "Inference").rows) == 2
    assert report.main([str(new), "--against", str(old), "-o", str(tmp_path / "r")]) == 2
    assert "LoadData: row_version 1 (old) and row_version 2 (new)" in capsys.readouterr().err


def test_a_published_row_has_no_version(tmp_path: Path) -> None:
    published = write(tmp_path, "published", None, published_date="2024")
    assert len(table.read([published, write(tmp_path, "new", 2)]).rows) == 4


def test_a_comparison_gives_them_no_verdict(tmp_path: Path, capsys) -> None:
    for side, version in (("base", None), ("new", 2)):
        for place in range(8):
            write(tmp_path / side, f"{place}", version)
    out = tmp_path / "d.json"
    sides = [str(tmp_path / "base"), str(tmp_path / "new")]
    assert compare.main([*sides, "--json", str(out), "--strict"]) == 4
    found = {row["name"].split("/")[0]: row for row in json.loads(out.read_text())["rows"]}
    assert (found["LoadData"]["verdict"], found["Inference"]["verdict"]) == ("MISSING", "SAME")
    for text in ("row_version 1 (", "base/0.json) and row_version 2 (", "new/0.json)"):
        assert text in found["LoadData"]["reason"]


def test_two_runs_agree_only_on_rows_of_one_version(tmp_path: Path, capsys) -> None:
    files = [str(write(tmp_path, "old", None)), str(write(tmp_path, "new", 2))]
    assert medians_agree.main(files) == 0
    said = capsys.readouterr()
    assert "1 of 1 medians" in said.out
    assert "not compared: LoadData: row_version 1 (old) and row_version 2 (new)" in said.err


def test_a_history_has_a_series_for_each(tmp_path: Path) -> None:
    for day in range(1, 7):
        write(tmp_path, f"day-{day}", 1 if day < 4 else 2, day)
    runs, skipped = series.read_folder(tmp_path)
    found = series.series(runs, ["time"], Rule())
    names = {one.name.split("/")[0] + one.name.split("manual_time")[1] for one in found}
    assert names == {"LoadData", "LoadData (row_version 2)", "Inference"}
    with pytest.raises(ResultError, match=r"row_version 1 \(day-1.json, .*row_version 2"):
        entries(runs)
    latest = entries(runs[3:])
    assert any(entry["name"].endswith("(row_version 2)") for entry in latest.smaller)
    assert not skipped
