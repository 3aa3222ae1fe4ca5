# SPDX-License-Identifier: Apache-2.0
"""What follows from several rows: when a cache pays, and how long other ways take."""

import math
from pathlib import Path

import pytest
from planted_results import end_to_end, read, row
from results import gains


def _pays(folder: Path, *rows: dict) -> list[float]:
    found = read(folder, list(rows)).rows
    tails = found[found["configuration"].str.startswith("last_")]
    return list(tails.get("cache_pays_after", [math.nan] * len(tails)))


def test_a_cache_pays_by_the_full_row_of_the_same_settings(tmp_path: Path) -> None:
    full = end_to_end(scale=2.0)
    tail = end_to_end(configuration="last_1", scale=0.5, build_cache=6.0, cache_pays_after=99.0)
    assert _pays(tmp_path, full, tail) == [pytest.approx(2.0)]
    other = end_to_end(mode="prefetch", scale=3.0)
    assert _pays(tmp_path, full, other, tail) == [pytest.approx(2.0)]


def test_the_storage_of_activations_is_the_tail_s_alone(tmp_path: Path) -> None:
    full = end_to_end(scale=2.0)
    tail = end_to_end(configuration="last_1", scale=0.5, build_cache=6.0)
    for key in ("name", "run_name"):
        tail[key] = tail[key].replace("/workers=", "/storage=float16/workers=")
    assert _pays(tmp_path, full, tail) == [pytest.approx(2.0)]


def test_without_the_full_row_the_number_of_the_file_stays(tmp_path: Path) -> None:
    tail = end_to_end(configuration="last_1", build_cache=6.0, cache_pays_after=7.0)
    assert _pays(tmp_path, tail) == [7.0]
    assert _pays(tmp_path, tail, end_to_end(batch=32)) == [7.0]


def test_a_cache_that_saves_nothing_never_pays(tmp_path: Path) -> None:
    tail = end_to_end(configuration="last_1", scale=3.0, build_cache=6.0, cache_pays_after=7.0)
    (after,) = _pays(tmp_path, end_to_end(), tail)
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
