# SPDX-License-Identifier: Apache-2.0
"""Which batch sizes a row of MaxBatchSize found fastest.

Every size whose items per second are within 2 % of the best, or cannot be distinguished from them,
ties (fixtures/measuring/fastest_batch.h decides). The smallest that ties is the one to recommend:
it takes the least memory. Rows of version 1 visited each size once, in rising order, and name one
size."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fastest:
    """The smallest and the largest size that tie."""

    recommended: int
    largest: int

    def __str__(self) -> str:
        if self.recommended == self.largest:
            return f"{self.recommended:,}"
        return f"{self.recommended:,} to {self.largest:,}"


def of(row: Mapping[str, Any]) -> Fastest | None:
    """None where the row has no sweep."""
    sizes = [_number(row, name) for name in ("fastest_batch_from", "fastest_batch_to")]
    if not all(sizes):
        sizes = [_number(row, "best_batch_size")] * 2
    return Fastest(*sizes) if all(sizes) else None


def _number(row: Mapping[str, Any], name: str) -> int:
    value = float(row.get(name, math.nan))
    return 0 if math.isnan(value) else int(value)
