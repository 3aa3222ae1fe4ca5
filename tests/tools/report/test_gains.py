# SPDX-License-Identifier: Apache-2.0
"""Which gains are named: simulated worlds with and without an effect, from a seeded generator."""

import math
import random
import statistics
from dataclasses import replace
from pathlib import Path

import numpy as np
import planted
import pytest
from report.diagnosis import diagnosing, measurements
from report.diagnosis.gain import LEVEL, Gain, choose
from report.diagnosis.measurements import Measurement
from results import uncertainty

_T = {3: 4.303, 5: 2.776}  # Student's 97.5 % by the number of processes.


# The noise of kernels, whose rows say that the host keeps ahead of the GPU.
_KERNELS = uncertainty.KERNELS


def measured(draw: random.Random, processes: int, noise: float) -> tuple[float, dict[str, float]]:
    """The logarithm of a row's seconds and its counters; the row's true seconds are 1."""
    logs = [draw.gauss(0, noise) for _ in range(processes)]
    counters = {"ci95_rel": 0.001, "launch_share": 0.2} if noise == _KERNELS else {"ci95_rel": 0.01}
    if processes > 1:
        spread = float(np.std(logs, ddof=1))
        counters["ci95_processes_rel"] = _T[processes] * spread / math.sqrt(processes)
    return statistics.median(logs), counters


def gains(draw: random.Random, processes: int, noise: float, count: int, effect: float):
    """Of `count` changes against one search, each `effect` times as fast."""
    rows = [measured(draw, processes, noise) for _ in range(count + 1)]
    typical = uncertainty.typical((0, counters) for _, counters in rows).get(0, 0.0)

    def error(counters: dict[str, float]) -> float:
        half = counters.get("ci95_processes_rel", math.nan)
        return uncertainty.standard_error(counters | {"ci95_processes_rel": max(half, typical)})

    (own, base), *others = rows
    return [
        Gain(own - other + math.log(effect), math.hypot(error(base), error(counters)))
        for other, counters in others
    ]


@pytest.mark.parametrize(
    ("processes", "noise"), [(1, 0.07), (3, 0.07), (5, 0.07), (3, 0.02), (1, _KERNELS)]
)
@pytest.mark.parametrize("count", [4, 40])
def test_worlds_without_effect_rarely_name_a_gain(processes: int, noise: float, count: int) -> None:
    draw = random.Random(count)
    worlds = [choose(gains(draw, processes, noise, count, 1.0)) for _ in range(300)]
    named = sum(any(gain.named for gain in world) for world in worlds)
    assert named / len(worlds) <= LEVEL


@pytest.mark.parametrize(("processes", "noise", "effect"), [(1, 0.07, 1.6), (3, 0.02, 1.15)])
def test_an_effect_is_named_and_its_interval_holds_it(
    processes: int, noise: float, effect: float
) -> None:
    draw = random.Random(5)
    found = [
        gain
        for _ in range(100)
        for gain in choose(gains(draw, processes, noise, 10, effect))
    ]  # fmt: skip
    named = [gain for gain in found if gain.named]
    assert len(named) / len(found) > 0.9
    assert all(gain.low > 1 for gain in named)
    assert sum(gain.low <= effect <= gain.high for gain in named) / len(named) > 0.92


def test_the_largest_of_many_tries_needs_more_evidence() -> None:
    assert Gain(0.2, 0.1, tries=20).p_value == pytest.approx(20 * Gain(0.2, 0.1).p_value)
    assert Gain(-0.2, 0.1).p_value == 1
    assert not choose([Gain(0.25, 0.1, tries=20)])[0].named
    (gain,) = choose([Gain(0.25, 0.1)])
    assert (gain.low, gain.high) == pytest.approx((math.exp(0.25 - 0.196), math.exp(0.25 + 0.196)),
                                                  rel=1e-3)  # fmt: skip


def test_the_error_of_a_row() -> None:
    error = uncertainty.standard_error
    assert error({"ci95_processes_rel": 0.0196}) == pytest.approx(0.01, rel=1e-3)
    # A process that repeats itself does not know the next one.
    assert error({}) == error({"ci95_rel": math.nan}) == uncertainty.PROCESS
    assert error({"ci95_rel": 0.15}) == pytest.approx(math.hypot(0.07, 0.15 / 1.96), rel=1e-3)
    assert error({"ci95_rel": 0.01, "ci95_repetitions_rel": 0.15}) == error({"ci95_rel": 0.15})
    assert math.isnan(uncertainty.of_repetitions([1.0]))
    half = 4.303 * 0.1 / math.sqrt(3)
    assert uncertainty.of_repetitions([0.9, 1.0, 1.1]) == pytest.approx(half, rel=1e-3)


def world(tmp_path: Path, faster: float) -> list[Measurement]:
    """A search that waits for data, and rows of other settings. Workers and decoders have no
    effect, but with bf16 the network is `faster` times as fast."""
    name = "resnet18/full/cuda/decoder={}/mode={}{}/workers={}/batch:100"
    steps = (0.005, 1.0, 0.005, 1.0, 0.005)
    rows = [planted.search(name.format(decoder, "serial", "", workers), *steps)
            for decoder in ("turbojpeg", "stb") for workers in (4, 8, 16)]  # fmt: skip
    rows += [planted.load_data(f"cpu/decoder={decoder}/workers={workers}/batch:100", 1000)
             for decoder in ("turbojpeg", "stb") for workers in (1, 2, 4, 8, 16)]  # fmt: skip
    for key, rate in (("", 1), ("precision=bf16/", faster), ("layout=channels_last/", 1)):
        rows.append(planted.inference(f"resnet18/full/cuda/{key}batch:100", 1000 * rate))
    return measurements.collect(planted.read(tmp_path, *rows))


def noisy(draw: random.Random, row: Measurement) -> Measurement:
    log, counters = measured(draw, 3, 0.07)
    factor = math.exp(log)
    values = {
        key: value / factor if key == "items_per_second"
        else value if key in ("items", "batches") else value * factor
        for key, value in row.values.items()
    }  # fmt: skip
    return replace(row, values=values | counters)


@pytest.mark.parametrize(("faster", "least", "most"), [(1.0, 0.0, LEVEL), (6.0, 0.8, 1.0)])
def test_whole_reports_of_noisy_rows(
    tmp_path: Path, faster: float, least: float, most: float
) -> None:
    """Overlapping gains here, so that only the other axes are counted."""
    rows, draw = world(tmp_path, faster), random.Random(11)
    named = 0
    for _ in range(40):
        found = diagnosing.of_rows([noisy(draw, row) for row in rows])
        axes = {what_if.axis for one in found for what_if in one.what_ifs}
        named += "precision" in axes if faster > 1 else bool(axes - {"mode"})
        named += any("fastest measured" in one.sentence for one in found)
    assert least <= named / 40 <= most


def test_repetitions_of_a_row_show_how_far_it_varies(tmp_path: Path) -> None:
    rows = [planted.inference("resnet18/full/cuda/batch:100", 100 / seconds)
            for seconds in (0.9, 1.0, 1.1)]  # fmt: skip
    rows.append(planted.inference("resnet34/full/cuda/batch:100", 100))
    several, once = planted.read(tmp_path, *rows).rows.to_dict("records")
    assert several["seconds"] == pytest.approx(1.0)
    assert several["ci95_repetitions_rel"] == pytest.approx(0.2484, rel=1e-3)
    assert math.isnan(once["ci95_repetitions_rel"])
