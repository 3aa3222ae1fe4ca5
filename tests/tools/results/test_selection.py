# SPDX-License-Identifier: Apache-2.0
"""The choice among many findings."""

import pytest
from results.selection import select


def test_the_choice_equals_the_published_example() -> None:
    # Benjamini and Hochberg (1995), table 1: four of fifteen are rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    chosen, level = select(p[::-1], 0.05)
    assert chosen == [False] * 11 + [True] * 4
    assert level == pytest.approx(0.05 * 4 / 15)


def test_nothing_is_chosen_where_nothing_is_found() -> None:
    assert select([], 0.05) == ([], 0.0)
    assert select([0.06, 0.5], 0.05) == ([False, False], 0.0)
    # A value too large for its own place is chosen where those above it are small enough.
    assert select([0.03, 0.04], 0.05) == ([True, True], 0.05)
