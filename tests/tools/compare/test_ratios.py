# SPDX-License-Identifier: Apache-2.0
"""Ratios over rounds and the exit code that follows from them."""

import re

import pytest
from compare.ratios import EVERY_PEER, Figure, Measured, Ratio, exit_code, ratios

SECONDS = Figure(lambda row: row.get("p50"), more_is_faster=False)
RATE = Figure(lambda row: row.get("items_per_second"), more_is_faster=True)


def rounds(*pairs: tuple[float, float], key: str = "p50", group: str = "work") -> list[Measured]:
    return [
        Measured(index, group, side, {"name": f"row of {side or 'ours'}", key: value})
        for index, (ours, theirs) in enumerate(pairs)
        for side, value in (("", ours), ("peer", theirs))
    ]


def failed(index: int, side: str, **row: object) -> Measured:
    return Measured(index, "work", side, {"name": f"row of {side or 'ours'}"} | row)


def test_the_median_of_the_ratios_within_rounds_counts() -> None:
    # The machine is three times slower in the second round; both sides slow down.
    (ratio,) = ratios(rounds((1.0, 1.02), (3.0, 3.0), (0.8, 1.0)), SECONDS)
    assert ratio.rounds == pytest.approx((1.02, 1.0, 1.25))
    assert ratio.median == pytest.approx(1.02)
    assert (ratio.name, ratio.peer, ratio.group) == ("row of ours", "peer", "work")
    assert (ratio.ours, ratio.theirs) == (1.0, 1.02)


def test_above_one_is_faster_in_seconds_and_in_items_per_second() -> None:
    (of_seconds,) = ratios(rounds((1, 2)), SECONDS)
    (of_rates,) = ratios(rounds((2, 1), key="items_per_second"), RATE)
    assert of_seconds.median == of_rates.median == 2


def test_only_rows_of_one_group_are_compared() -> None:
    measured = [*rounds((1, 2)), *rounds((1, 3), group="other work")]
    measured.append(Measured(0, "third", "", {"name": "without a peer", "p50": 1.0}))
    assert [(ratio.group, ratio.median) for ratio in ratios(measured, SECONDS)] == [
        ("work", 2),
        ("other work", 3),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "error"),
    [
        ({"error_occurred": True, "error_message": "out of memory"}, {"p50": 1.0},
         "ours, round 2: out of memory"),
        ({"p50": 1.0}, {"error_occurred": True}, "peer, round 2: .* without a message"),
        ({"p50": 1.0}, {}, "peer, round 2: the row has no such figure"),
        ({"p50": 0.0}, {"p50": 1.0}, "ours, round 2: the row has no such figure"),
    ],
)  # fmt: skip
def test_a_side_that_failed_in_one_round_never_passes(ours: dict, theirs: dict, error: str) -> None:
    measured = [*rounds((1, 1)), failed(1, "", **ours), failed(1, "peer", **theirs)]
    (ratio,) = ratios(measured, SECONDS)
    assert ratio.rounds == ()
    assert re.match(error, ratio.error)
    assert exit_code([ratio], {}) == exit_code([ratio], {"peer": 0.1}) == 2


def test_a_side_that_is_missing_in_a_round_never_passes() -> None:
    (ratio,) = ratios([*rounds((1, 1)), failed(1, "", p50=1.0)], SECONDS)
    assert ratio.error == "peer, round 2: no row was measured"


@pytest.mark.parametrize(
    ("minimums", "code"),
    [
        ({}, 0),
        ({"peer": 2.0}, 0),
        ({"peer": 2.01}, 1),
        ({"another": 9}, 0),
        ({EVERY_PEER: 2.0}, 0),
        ({EVERY_PEER: 2.01}, 1),
        ({EVERY_PEER: 9, "peer": 1.5}, 0),
    ],
)
def test_the_exit_code_says_whether_minimums_are_reached(minimums: dict, code: int) -> None:
    assert exit_code(ratios(rounds((1, 2)), SECONDS), minimums) == code


def test_nothing_compared_is_not_a_pass() -> None:
    assert exit_code([], {}) == 2


def test_a_slow_ratio_comes_before_a_failed_one() -> None:
    slow = Ratio("row", "peer", rounds=(0.5,))
    assert exit_code([Ratio("row", "peer", error="why"), slow], {EVERY_PEER: 1.0}) == 1
