# SPDX-License-Identifier: Apache-2.0
"""Result files as evidence: repetitions, rows without a time, files that are not results."""

import json
import math
from pathlib import Path

import pytest
from results.processes import read, read_process
from results.reader import ResultError


def test_repetitions_are_one_piece_of_evidence(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    rows = [
        {"name": "a", "real_time": t, "time_unit": "ms", "run_type": "iteration"} for t in (1, 9, 2)
    ]
    rows += [{"name": "a_mean", "real_time": 4, "time_unit": "ms", "run_type": "aggregate"}]
    path.write_text(json.dumps({"context": {}, "benchmarks": rows}))
    assert read_process(path).rows == {"a": {"time": 0.002}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"context": {}}',
        '{"context": null, "benchmarks": []}',
        '{"context": {}, "benchmarks": null}',
        '{"context": {}, "benchmarks": [{}]}',
        '{"context": {}, "benchmarks": [1]}',
        '{"context": {}, "benchmarks": [{"name": "a", "real_time": 1, "time_unit": "min"}]}',
        '{"context": {}, "benchmarks": [{"name": "a", "real_time": null}]}',
    ],
)
def test_files_that_are_not_results_are_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(ResultError, match=r"r\.json: not Google Benchmark JSON"):
        read(path)


def test_a_row_without_a_time_has_failed(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    rows = [{"name": "a", "real_time": 0}, {"name": "b", "real_time": math.nan}]
    path.write_text(json.dumps({"context": {}, "benchmarks": rows}))
    assert read_process(path).failures == {"a": "its time is 0.0", "b": "its time is nan"}
