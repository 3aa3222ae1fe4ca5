# SPDX-License-Identifier: Apache-2.0
"""What the figures of a search's trace share: which rows have one, and their words."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from results import traces
from results.table import Results
from results.traces import Trace

from report import wording
from report.figures import colors, naming
from report.figures import splitting as split
from report.figures.canvas import Part


def parts(results: Results, prefix: str) -> Iterator[tuple[Part, Trace]]:
    """An image for each search with a trace. Raises ResultError for a trace that is damaged."""
    rows = results.of_step("Search")
    rows = rows[rows["trace"].notna()]
    for part in split.parts(rows, prefix, ["subject", "device"], 1):
        yield part, traces.read(Path(part.rows.iloc[0]["trace"]))


def title(what: str, rows: pd.DataFrame) -> str:
    return f"{what} of {rows.iloc[0]['subject']}{naming.where(rows)}"


def settings(rows: pd.DataFrame, trace: Trace) -> str:
    """The line below the title: what the trace took, and the row's settings."""
    shared = naming.shared(rows, {})
    return f"{wording.seconds(trace.seconds)}, {shared}"


def depth_colors(trace: Trace) -> list[str]:
    """Of segments by the number of their ancestors, from dark to light."""
    return colors.sequence(max(trace.depth, default=0) + 1)
