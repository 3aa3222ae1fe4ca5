# SPDX-License-Identifier: Apache-2.0
"""Where a series changed: a table of cases, and how often noise alone gives a change."""

import random

import pytest
from track.change_points import Rule, change_points

RULE = Rule()


def level(value: float, count: int, noise: float = 0.01, seed: int = 1) -> list[float]:
    draw = random.Random(f"{seed} {value} {count}")
    return [value * draw.lognormvariate(0, noise) for _ in range(count)]


def spiked(values: list[float], factor: float, *places: int) -> list[float]:
    return [value * factor if i in places else value for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("what", "values", "places"),
    [
        ("nothing", [], []),
        ("one point", [1.0], []),
        ("too few points for two levels", [1, 1, 2, 2, 2], []),
        ("as few as two levels need", [1, 1, 1, 2, 2, 2], [3]),
        ("constant", [1.0] * 50, []),
        ("noise alone", level(1, 50), []),
        ("slower", level(1, 10) + level(1.2, 10), [10]),
        ("faster", level(1, 10) + level(0.8, 10), [10]),
        ("nanoseconds give the same", level(1e-9, 10) + level(1.2e-9, 10), [10]),
        ("too small to matter", level(1, 30, 0.002) + level(1.03, 30, 0.002), []),
        ("just large enough", level(1, 10, 0.002) + level(1.06, 10, 0.002), [10]),
        ("a spike", spiked(level(1, 20), 3, 9), []),
        ("a spike at either end", spiked(level(1, 20), 3, 0, 19), []),
        ("two spikes side by side", spiked(level(1, 20), 3, 9, 10), []),
        ("many separate spikes", spiked(level(1, 40), 2, 5, 11, 22, 30), []),
        ("a spike before a change", spiked(level(1, 10) + level(1.2, 10), 3, 5), [10]),
        ("two points are not a level yet", level(1, 20) + level(1.5, 2), []),
        ("three points are", level(1, 20) + level(1.5, 3), [20]),
        ("two points and back again", level(1, 10) + level(1.5, 2) + level(1, 10), []),
        ("and back again", level(1, 10) + level(1.3, 10) + level(1, 10), [10, 20]),
        ("a staircase", level(1, 10) + level(1.2, 10) + level(1.5, 10), [10, 20]),
        ("large noise hides a small change", level(1, 10, 0.2) + level(1.1, 10, 0.2), []),
    ],
)
def test_cases(what: str, values: list[float], places: list[int]) -> None:
    assert [change.index for change in change_points(values, RULE)] == places, what


def test_levels_are_medians_of_what_was_measured() -> None:
    values = [1.0, 1.0, 1.0, 5.0, 1.0, 2.0, 2.0, 2.0, 2.0]
    (change,) = change_points(values, RULE)
    assert (change.index, change.before, change.after) == (5, 1.0, pytest.approx(2.0))
    assert change.effect == pytest.approx(1.0)


def test_the_rule_decides() -> None:
    values = level(1, 10, 0.002) + level(1.06, 10, 0.002)
    assert change_points(values, Rule(minimum=0.1)) == []
    short = level(1, 20) + level(1.5, 2)
    assert [change.index for change in change_points(short, Rule(segment=2))] == [20]


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan"), float("inf")])
def test_numbers_without_a_logarithm_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="not positive and finite"):
        change_points([1.0] * 6 + [wrong], RULE)


@pytest.mark.parametrize("count", [6, 10, 20, 60])
@pytest.mark.parametrize("noise", [0.01, 0.05, 0.1])
def test_noise_rarely_gives_a_change(count: int, noise: float) -> None:
    draw = random.Random(5)
    alerts = sum(
        bool(change_points([draw.lognormvariate(0, noise) for _ in range(count)], RULE))
        for _ in range(400)
    )
    assert alerts / 400 <= 0.02


def test_ten_percent_are_found_after_three_points() -> None:
    draw = random.Random(6)
    found = 0
    for _ in range(200):
        values = [draw.lognormvariate(0, 0.015) * (1.1 if i >= 20 else 1) for i in range(23)]
        found += [change.index for change in change_points(values, RULE)] == [20]
    assert found / 200 > 0.9
