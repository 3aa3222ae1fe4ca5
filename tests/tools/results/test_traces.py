# SPDX-License-Identifier: Apache-2.0
"""Traces of searches: where they are found, what they say, and damaged ones."""

import json
from pathlib import Path

import planted_results as planted
import pytest
from report.answer import first
from report.command import main as report
from report.gallery import draw
from results import reader, table, traces
from results.reader import ResultError


def _written(folder: Path, document: object) -> Path:
    path = folder / "trace.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_events_and_segments(tmp_path: Path) -> None:
    trace = traces.read(_written(tmp_path, planted.trace()))
    assert trace.seconds == 1.0 and len(trace.events) == 6
    last = trace.events[-1]
    assert (last.kind, last.start, last.lane, last.segment) == ("score", 0.9, 3, None)
    assert last.seconds == pytest.approx(0.1)
    assert [segment.ends for segment in trace.segments] == [
        (), ("child-00", "child-01"), ("child-02",),
    ]  # fmt: skip
    assert trace.depth == (0, 1, 1) and trace.children(0) == [1, 2] and trace.children(None) == [0]


def test_a_candidate_ends_where_no_child_has_it(tmp_path: Path) -> None:
    document = planted.trace()
    document["segments"][0] = planted.segment(None, 0, 6, 0.4, "child-00", "child-02", "parent")
    trace = traces.read(_written(tmp_path, document))
    assert trace.segments[0].ends == ("parent",)


@pytest.mark.parametrize(
    "change",
    [
        {"segments": [planted.segment(0, 0, 6, 0.4)]},  # Its own ancestor.
        {"segments": [planted.segment(7, 0, 6, 0.4)]},
        {"segments": [planted.segment(None, 0, 6, float("nan"))]},
        {"segments": [{"parent": None}]},
        {"segments": "all"},
        {"seconds": None},
        {"traceEvents": [{"ph": "X", "ts": "soon"}]},
        {"traceEvents": None},
    ],
)
def test_damaged_traces_are_named(change: dict, tmp_path: Path) -> None:
    path = _written(tmp_path, planted.trace() | change)
    with pytest.raises(ResultError, match=r"trace\.json: not a trace of a search"):
        traces.read(path)
    with pytest.raises(ResultError, match=r"nothing\.json"):
        traces.read(tmp_path / "nothing.json")


def _search(folder: Path, traced: str) -> Path:
    row = planted.zoo_search(trace=planted.trace())
    planted.write_trace(folder / traced, row)
    path = folder / "run.json"
    del row["trace"]
    path.write_text(json.dumps({"context": planted.CONTEXT, "benchmarks": [row]}))
    return path


@pytest.mark.parametrize("folder", ["run.traces", "traces"])
def test_traces_next_to_results_are_found_and_are_no_results(
    folder: str, tmp_path: Path, capsys
) -> None:
    path = _search(tmp_path, folder)
    (found,) = table.read([path]).rows["trace"]
    assert found.parent == tmp_path / folder
    assert list(reader.files([tmp_path])) == [path]
    assert capsys.readouterr().err == ""


def test_a_report_takes_traces_from_elsewhere(tmp_path: Path, capsys) -> None:
    path = _search(tmp_path, "elsewhere")
    assert table.read([path]).rows["trace"][0] is None
    given = [str(path), "-o", str(tmp_path / "out"), f"--traces={tmp_path / 'elsewhere'}"]
    assert report(given) == 0
    assert "(2 figures" in capsys.readouterr().out
    assert report([*given[:-1], f"--traces={tmp_path / 'nowhere'}"]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_damaged_trace_is_a_figure_that_fails(tmp_path: Path) -> None:
    results = planted.read(tmp_path, [planted.zoo_search(trace=planted.trace() | {"seconds": "x"})])
    drawn = draw(results, first.gather(results), tmp_path)
    assert not drawn.images and len(drawn.failures) == 2
    assert "not a trace of a search" in drawn.failures[0]
