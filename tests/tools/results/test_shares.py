# SPDX-License-Identifier: Apache-2.0
import pandas as pd
import pytest
from report import shares
from report.steps import COUNTERS


def _row(mode: str = "serial", **seconds: float) -> pd.Series:
    entries = dict.fromkeys(COUNTERS, 0.0) | {"mode": mode} | seconds
    entries.setdefault("end_to_end", sum(entries[counter] for counter in COUNTERS))
    return pd.Series(entries)


def test_shares_of_every_measured_combination_add_up_to_one(both) -> None:
    rows = shares.with_steps(both.of_step("EndToEnd"))
    assert len(rows) == 10
    for _, row in rows.iterrows():
        assert sum(shares.shares(row).values()) == pytest.approx(1.0)
        assert shares.faults(row) == []


def test_largest_step() -> None:
    step, share = shares.largest(_row(load_data=3.0, inference=1.0))
    assert (step.counter, share) == ("load_data", 0.75)
    step, _ = shares.largest(_row(load_model=1.0, score=1.0))
    assert step.counter == "load_model"


def test_a_step_that_did_not_occur_is_zero_and_the_sum_replaces_a_missing_total() -> None:
    rows = pd.DataFrame([{"mode": "serial", "inference": 2.0, "load_data": 1.0}])
    row = shares.with_steps(rows).iloc[0]
    assert row["data_to_device"] == 0.0
    assert row["end_to_end"] == 3.0


def test_rows_without_exclusive_seconds_are_left_out() -> None:
    rows = pd.DataFrame([{"mode": "overlapped", "busy_inference": 2.0, "end_to_end": 3.0}])
    assert shares.with_steps(rows).empty


def test_faults() -> None:
    assert shares.faults(_row(inference=98.0, other=2.0)) == []
    assert "other is 3.0 %" in shares.faults(_row(inference=97.0, other=3.0))[0]
    assert shares.faults(_row(mode="prefetch", inference=97.0, other=3.0)) == []
    assert "add up to 2 s" in shares.faults(_row(inference=2.0, end_to_end=3.0))[0]
    assert any("negative" in text for text in shares.faults(_row(inference=2.0, other=-0.1)))
