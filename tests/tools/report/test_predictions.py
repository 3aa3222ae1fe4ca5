# SPDX-License-Identifier: Apache-2.0
"""What-ifs compared with what was measured: errors, donors of other files and machines,
pipelines."""

from pathlib import Path

import planted
import pytest
from planted import load_data, search
from report.diagnosis import alternatives, diagnose, measurements, searches, validate
from report.diagnosis.donors import Donors
from report.diagnosis.pipeline import Pipeline, Steps
from results import table

_NAME = "resnet18/full/cuda/decoder=turbojpeg/mode={}/workers={}/batch:100"
_LOADING = [
    load_data("cpu/decoder=turbojpeg/workers=1/batch:100", 500),
    load_data("cpu/decoder=turbojpeg/workers=8/batch:100", 4000),
]


def test_errors_where_the_change_was_measured(tmp_path: Path) -> None:
    one = search(_NAME.format("serial", 1), 0.1, 2.0, 0.05, 0.1, 0.05)
    eight = search(_NAME.format("serial", 8), 0.1, 0.3, 0.05, 0.1, 0.05)
    results = planted.read(tmp_path, one, eight, *_LOADING)
    checks = {check.row_name.split("workers=")[1][0]: check for check in validate(results)}
    assert checks["1"].predicted == pytest.approx(0.3 + 0.25)
    assert checks["1"].measured == pytest.approx(0.6)
    assert checks["1"].error == pytest.approx(0.55 / 0.6 - 1)
    assert checks["8"].predicted == pytest.approx(0.3 + 0.3 * 8)
    assert {check.change for check in checks.values()} == {"8 workers", "1 worker"}


def test_a_prediction_does_not_know_its_measurement(tmp_path: Path) -> None:
    """Without rows of the step there is no prediction, although the measured row would give one."""
    one = search(_NAME.format("serial", 1), 0.1, 2.0, 0.05, 0.1, 0.05)
    eight = search(_NAME.format("serial", 8), 0.1, 0.3, 0.05, 0.1, 0.05)
    assert validate(planted.read(tmp_path, one, eight)) == []


def test_a_measured_search_counts_before_its_prediction(tmp_path: Path) -> None:
    serial = search(_NAME.format("serial", 1), 0.1, 1.0, 0.05, 1.0, 0.05)
    prefetch = search(_NAME.format("prefetch", 1), 0.1, 0.3, 0.05, 1.0, 0.05)
    rows = measurements.collect(planted.read(tmp_path, serial, prefetch))
    here = next(found for row in rows if row.mode == "serial" and (found := searches.of(row, rows)))
    donors = Donors(rows, here.measurement)
    found = alternatives.evaluate(here, here.setting | {"mode": "prefetch"}, donors)
    assert found is not None
    predicted = 0.15 + (1.0 + 1.05) / 10 + 1.05 * 9 / 10
    assert found.predicted_seconds == pytest.approx(predicted)
    assert found.measured_seconds == pytest.approx(1.5)
    assert found.error == pytest.approx(predicted / 1.5 - 1)
    assert found.speedup == pytest.approx(2.2 / 1.5)
    unmeasured = alternatives.evaluate(here, here.setting | {"mode": "overlapped"}, donors)
    assert unmeasured is not None
    assert (unmeasured.measured_seconds, unmeasured.error) == (None, None)
    assert unmeasured.speedup == pytest.approx(2.2 / unmeasured.predicted_seconds)


def test_donors_come_from_other_files_of_one_machine_only(tmp_path: Path) -> None:
    one = [search(_NAME.format("serial", 1), 0.1, 2.0, 0.05, 0.1, 0.05)]
    here = planted.write(tmp_path, one, "here")
    same = planted.write(tmp_path, _LOADING, "same", gpu_uuid="another")
    other = planted.write(tmp_path, _LOADING, "other", gpu_name="GPU B")
    unnamed = tmp_path / "unnamed.json"
    unnamed.write_text(other.read_text().replace("GPU B", "").replace("CPU A", ""))
    for path in (other, unnamed):
        (found,) = diagnose(table.read([here, path]))
        assert "workers" not in {what_if.axis for what_if in found.what_ifs}
        assert all("LoadData" not in name for name in found.evidence)
    (found,) = diagnose(table.read([here, other, same]))
    workers = next(what_if for what_if in found.what_ifs if what_if.axis == "workers")
    assert workers.sources == ("here", "same")
    assert workers.caveat == "rows were measured on another card of the same kind"


def test_pipelines() -> None:
    steps = Steps(0.1, data=2.0, transfer=0.2, inference=1.0, score=0.1, other=0.0, batches=10)
    assert Pipeline("serial").extract_seconds(steps) == pytest.approx(3.2)
    assert Pipeline("prefetch").extract_seconds(steps) == pytest.approx(0.32 + 1.8)
    assert Pipeline("overlapped").extract_seconds(steps) == pytest.approx(0.32 + 1.8)
    assert Pipeline("overlapped").limit(steps) == "data"
    decoded = Pipeline("overlapped", decodes_on_device=True)
    assert decoded.extract_seconds(steps) == pytest.approx(3.2)
    # Two workers and two threads on two cores gain nothing from working at a time.
    shared = Pipeline("prefetch", workers=2, threads=2, cores=2)
    assert shared.extract_seconds(steps) == pytest.approx(3.0)


def test_a_gpu_with_hardware_that_decodes_works_ahead_of_itself(tmp_path: Path) -> None:
    """Loading names what decoded; kernels that decode share the device with inference."""
    serial = search("resnet18/full/cuda/decoder=nvjpeg/batch:100", 0.1, 1.0, 0.0, 1.0, 0.05)
    seconds = {}
    for what in ("hardware", "gpu_hybrid"):
        loading = load_data("cuda/decoder=nvjpeg/batch:100", 1000) | {
            "label": f"{what} 6400, cpu 0"
        }
        (found,) = diagnose(planted.read(tmp_path, serial, loading))
        gains = {what_if.axis: what_if.predicted_seconds for what_if in found.what_ifs}
        seconds[what] = gains.get("mode")
    assert seconds["hardware"] == pytest.approx(0.15 + 2.0 / 10 + 1.0 * 9 / 10)
    assert seconds["gpu_hybrid"] is None  # It gains nothing.


def test_a_slower_cache_is_not_predicted_from_a_faster_one(tmp_path: Path) -> None:
    """Reading from a GPU's memory takes no time, which does not show that a disk takes none."""
    name = "resnet18/last_1/cuda/cache={}/decoder=turbojpeg/mode=serial/batch:100"
    device = search(name.format("device"), 0.1, 0.0, 0.0, 0.5, 0.05)
    disk = search(name.format("disk"), 0.1, 5.0, 0.1, 0.5, 0.05)
    assert validate(planted.read(tmp_path, device, disk)) == []


def test_errors_over_the_committed_baselines(root: Path) -> None:
    results = table.read([root / "reports/baselines/h200-searches.json"])
    errors = sorted(abs(check.error) for check in validate(results) if not check.first)
    assert len(errors) > 150
    assert errors[len(errors) // 2] < 0.06  # Which `sensitivity.MODEL` counts with.
    assert errors[len(errors) * 9 // 10] < 0.15
    assert errors[-1] < 0.4
