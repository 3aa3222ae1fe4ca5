# SPDX-License-Identifier: Apache-2.0
"""The fastest batch sizes of a row: those that tie, the smallest first."""

import math

import pytest
from results import fastest_batch


@pytest.mark.parametrize(
    ("row", "text", "recommended"),
    [
        ({"fastest_batch_from": 64.0, "fastest_batch_to": 2536.0}, "64 to 2,536", 64),
        ({"fastest_batch_from": 2048.0, "fastest_batch_to": 2048.0}, "2,048", 2048),
        # Version 1 named one size. A table has NaN for what a row lacks.
        ({"best_batch_size": 1024.0}, "1,024", 1024),
        ({"best_batch_size": 64.0, "fastest_batch_from": math.nan, "fastest_batch_to": math.nan},
         "64", 64),
    ],
)  # fmt: skip
def test_ties_are_a_range(row: dict[str, float], text: str, recommended: int) -> None:
    found = fastest_batch.of(row)
    assert found is not None
    assert str(found) == text
    assert found.recommended == recommended


def test_a_row_without_a_sweep_has_none() -> None:
    assert fastest_batch.of({"max_batch_size": 4096.0, "best_batch_size": math.nan}) is None
