# SPDX-License-Identifier: Apache-2.0
"""What follows from several rows: when a cache pays, and how long other ways take."""

import math
from pathlib import Path
from typing import Any

import pytest
from planted_results import end_to_end, read, row
from results import gains


def _pays(folder: Path, *rows: dict) -> list[float]:
    found = read(folder, list(rows)).rows
    tails = found[found["configuration"].str.startswith("last_")]
    return list(tails.get("cache_pays_after", [math.nan] * len(tails)))


def _tail(scale: float = 0.5, build: float = 6.0, **more: Any) -> dict:
    """A tail as the program writes it today; the full search takes 2 s times its own scale."""
    known = {"build_cache": build, "cached_bytes": 1e9}
    return end_to_end(configuration="last_1", scale=scale, **(known | more))


def _with_keys(row: dict, keys: str) -> dict:
    """The row with more keys before `mode`."""
    names = {key: row[key].replace("/mode=", f"/{keys}/mode=") for key in ("name", "run_name")}
    return row | names


def test_a_cache_pays_by_the_full_row_of_the_same_settings(tmp_path: Path) -> None:
    full = end_to_end(scale=2.0)
    tail = _tail(cache_pays_after=99.0)
    assert _pays(tmp_path, full, tail) == [pytest.approx(2.0)]
    other = end_to_end(mode="prefetch", scale=3.0)
    assert _pays(tmp_path, full, other, tail) == [pytest.approx(2.0)]


def test_a_row_of_another_mode_does_not_say_when_a_cache_pays(tmp_path: Path) -> None:
    serial = end_to_end(mode="serial", scale=3.0)
    assert math.isnan(_pays(tmp_path, serial, _tail(mode="prefetch"))[0])
    assert math.isnan(_pays(tmp_path, serial, _tail(workers=4))[0])


@pytest.mark.parametrize("build", [0.0, 0.1, 2.9, 3.0])
def test_no_cache_pays_before_the_first_search(tmp_path: Path, build: float) -> None:
    assert _pays(tmp_path, end_to_end(scale=2.0), _tail(build=build)) == [1.0]
    stored = _tail(cache_pays_after=0.4)
    assert math.isnan(_pays(tmp_path, stored)[0])


def test_where_activations_lie_is_the_tail_s_alone(tmp_path: Path) -> None:
    full = end_to_end(scale=2.0)
    assert _pays(tmp_path, full, _with_keys(_tail(), "storage=float16")) == [pytest.approx(2.0)]
    tiers = [_with_keys(_tail(), f"cache={tier}") for tier in ("device", "disk", "host")]
    assert _pays(tmp_path, full, *tiers) == [pytest.approx(2.0)] * 3


def test_older_caches_were_built_in_prefetch_mode(tmp_path: Path) -> None:
    older = {"cached_bytes": None}
    serial = end_to_end(scale=2.0), _tail(**older)
    assert math.isnan(_pays(tmp_path, *serial)[0])
    prefetch = end_to_end(mode="prefetch", scale=2.0), _tail(mode="prefetch", **older)
    assert _pays(tmp_path, *prefetch) == [pytest.approx(2.0)]


def test_without_the_full_row_the_number_of_the_file_stays(tmp_path: Path) -> None:
    tail = _tail(cache_pays_after=7.0)
    assert _pays(tmp_path, tail) == [7.0]
    assert _pays(tmp_path, tail, end_to_end(batch=32)) == [7.0]


def test_a_cache_that_saves_nothing_never_pays(tmp_path: Path) -> None:
    (after,) = _pays(tmp_path, end_to_end(), _tail(scale=3.0, cache_pays_after=7.0))
    assert math.isnan(after)


def test_gains_are_the_other_way_over_the_row(tmp_path: Path) -> None:
    joint = end_to_end(configuration="joint_last_3", separate_end_to_end=6.0, cached_end_to_end=3.0)
    known = row("Inference/resnet18/joint_last_3/cuda/batch:8", 1.0, gain_over_separate=1.5)
    rows = read(tmp_path, [joint, known]).rows.set_index("step")
    assert rows.loc["EndToEnd", "gain_over_separate"] == pytest.approx(3.0)
    assert rows.loc["EndToEnd", "gain_over_cached"] == pytest.approx(1.5)
    assert rows.loc["Inference", "gain_over_separate"] == 1.5


def test_tails_with_their_full_network(tmp_path: Path) -> None:
    rows = [
        row(f"Inference/{subject}/{configuration}/cuda/batch:8", seconds, macs=macs)
        for subject, configuration, seconds, macs in (
            ("resnet18", "full", 2.0, 8.0),
            ("resnet18", "last_1", 1.0, 2.0),
            ("resnet50", "full", 4.0, 16.0),
        )
    ]
    table = read(tmp_path, rows).rows
    found = gains.beside_full(table)
    assert list(found["of_time"]) == [1.0, 0.5]
    assert list(found["of_work"]) == [1.0, 0.25]
    tail = table[table["configuration"] == "last_1"].iloc[0]
    assert gains.share_of_full_work(tail, table) == 0.25
