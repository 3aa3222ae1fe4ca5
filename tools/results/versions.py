# SPDX-License-Identifier: Apache-2.0
"""What a step's rows measure, as a version: the only place that decides which rows may stand next
to each other.

The program raises the counter `row_version` of a step when what its timed region holds changes
under an unchanged name. Rows of files that lack the counter have version 1. Rows of two versions of
one step are never compared. Rows of other programs (peers, published numbers) have no version.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from results.reader import ResultError

Row = tuple[str, int | None, str]  # The step, its version in a row, and the row's file.


def of(numbers: Mapping[str, Any]) -> int:
    """The version of a row by its counters."""
    version = numbers.get("row_version", math.nan)
    return int(version) if math.isfinite(version) else 1


def in_table(record: Mapping[str, Any], context: Mapping[str, Any]) -> int | None:
    """The version of a table's row; None for rows of other programs."""
    published = any(key.startswith("published_") for key in context)
    return None if published or "peer" in dict(record["keys"]) else of(record)


def named(name: str, numbers: Mapping[str, Any]) -> str:
    """A row's name for series over time, which differ between versions."""
    version = of(numbers)
    return name if version == 1 else f"{name} (row_version {version})"


def several(rows: Iterable[Row]) -> list[str]:
    """The steps of which rows have several versions, each with the files of every version."""
    files: dict[str, dict[int, dict[str, None]]] = {}
    for step, version, file in rows:
        if version is not None:
            files.setdefault(step, {}).setdefault(version, {})[file] = None
    return [
        f"{step}: " + " and ".join(f"row_version {version} ({', '.join(found[version])})"
                                   for version in sorted(found))
        for step, found in files.items()
        if len(found) > 1
    ]  # fmt: skip


def require_one(rows: Iterable[Row]) -> None:
    """Raises ResultError where a step has several versions."""
    if found := several(rows):
        raise ResultError(
            f"rows of one step measure different things: {'; '.join(found)}; give files of one "
            "version of each step"
        )
