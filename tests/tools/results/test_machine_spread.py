# SPDX-License-Identifier: Apache-2.0
"""The slow machines of a row, and the interval of the median over machines."""

from results import machine_spread


def test_a_machine_more_than_five_per_cent_above_the_median_is_slow() -> None:
    spread = machine_spread.of({"n0": 1.0, "n1": 1.0, "n2": 1.049, "n3": 1.2, "n4": 1.06})
    assert spread is not None
    assert spread.median == 1.049
    assert list(spread.slow) == ["n3"]
    spread = machine_spread.of({"n0": 1.0, "n1": 1.0, "n2": 0.5, "n3": 1.2, "n4": 1.06})
    assert spread is not None
    assert list(spread.slow) == ["n3", "n4"]
    assert abs(spread.slow["n3"] - 0.2) < 1e-9


def test_two_machines_have_no_slow_one() -> None:
    assert machine_spread.of({"n0": 1.0, "n1": 2.0}) is None


def test_the_interval_is_that_of_order_statistics() -> None:
    """Ranks of the tables of the sign test: 1 and 6 of 6, 2 and 9 of 10, 6 and 15 of 20."""
    for count, ranks in ((5, None), (6, (1, 6)), (8, (1, 8)), (9, (2, 8)), (10, (2, 9)),
                         (20, (6, 15))):  # fmt: skip
        spread = machine_spread.of({f"n{k}": float(k) for k in range(1, count + 1)})
        assert spread is not None
        assert spread.interval == ranks
