# SPDX-License-Identifier: Apache-2.0
"""Rows whose steps overlap, in the report: from a small invented run."""

import json
import re
from pathlib import Path

import pytest
from report import overlapped, rendering, shares
from results import table

_NAME = "EndToEnd/resnet18/full/cuda/decoder=turbojpeg/mode={}/workers=16/batch:128/manual_time"
_OVERLAPPED = {
    "name": _NAME.format("overlapped"), "run_type": "iteration", "real_time": 0.6, "time_unit": "s",
    "items": 4000, "end_to_end": 0.6, "load_model": 0.1, "score": 0.09, "other": 0.01,
    "extract_seconds": 0.4, "busy_load_data": 0.38, "wait_load_data": 0.02,
    "busy_data_to_device": 0.04, "wait_data_to_device": 0.36, "busy_inference": 0.2,
    "wait_inference": 0.2, "elapsed_over_slowest_alone": 1.04, "limit_fraction": 0.95,
}  # fmt: skip
_SERIAL = {
    "name": _NAME.format("serial"), "run_type": "iteration", "real_time": 1.0, "time_unit": "s",
    "items": 4000, "end_to_end": 1.0, "load_model": 0.1, "load_data": 0.5, "data_to_device": 0.1,
    "inference": 0.2, "score": 0.09, "other": 0.01, "extract_seconds": 0.8,
}  # fmt: skip


def _read(tmp_path: Path, *rows: dict) -> table.Results:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"context": {"gpu_name": "GPU"}, "benchmarks": list(rows)}))
    return table.read([path])


def test_the_limit_is_the_step_that_works_longest(tmp_path: Path) -> None:
    results = _read(tmp_path, _OVERLAPPED, _SERIAL)
    rows = overlapped.rows(results)
    assert len(rows) == 1
    assert overlapped.limit(rows.iloc[0]) == ("loading data", pytest.approx(0.95))


def test_the_report_shows_them_separately_from_shares(tmp_path: Path) -> None:
    results = _read(tmp_path, _OVERLAPPED, _SERIAL)
    assert len(shares.with_steps(results.of_step("EndToEnd"))) == 1
    report = rendering.render(results, tmp_path / "report")
    page = report.page.read_text()
    assert "All steps at once (1 row)" in page
    assert "add up to" not in page.replace("Serial steps add up to", "")
    assert re.search(r"<td>loading data</td><td class=.number.>[^<]*</td>.*1.04</td>", page)


def test_a_row_that_failed_or_lacks_counters_is_left_out(tmp_path: Path) -> None:
    broken = {key: value for key, value in _OVERLAPPED.items() if not key.startswith("busy")}
    assert overlapped.rows(_read(tmp_path, broken)).empty
    assert overlapped.pipelines(_read(tmp_path, broken)) == ""
    assert overlapped.rows(_read(tmp_path, _SERIAL)).empty
