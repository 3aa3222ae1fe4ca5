# SPDX-License-Identifier: Apache-2.0
"""Ratios as a table for a terminal."""

from collections.abc import Callable, Mapping

from compare.ratios import Ratio, minimum, too_slow
from results import terminal
from rich.table import Table

Columns = Mapping[str, Callable[[Ratio], str]]  # text of a ratio by the column's title


def show(
    title: str,
    found: list[Ratio],
    names: Columns,
    figures: Columns,
    minimums: Mapping[str, float],
    further: Columns,
) -> None:
    """`names` says what a line compares; `figures` stand before the ratio, and `further` after it:
    both are left empty in the line of a side that failed."""
    table = Table(title=title)
    for column in names:
        table.add_column(column, overflow="fold")
    for column in (*figures, "Times as fast", "Rounds, min to max", *further):
        table.add_column(column, justify="right", overflow="fold")
    for ratio in found:
        cells = [text(ratio) for text in names.values()]
        if ratio.error:
            cells += [*("" for _ in figures), "failed", ratio.error]
        else:
            cells += [text(ratio) for text in figures.values()]
            cells += [f"{ratio.median:.3f}{_mark(ratio, minimums)}"]
            cells += [f"{min(ratio.rounds):.3f} to {max(ratio.rounds):.3f}"]
            cells += [text(ratio) for text in further.values()]
        table.add_row(*cells)
    # A log has no width of its own; 160 columns keep every column whole.
    terminal.console().print(table)


def _mark(ratio: Ratio, minimums: Mapping[str, float]) -> str:
    least = minimum(minimums, ratio.peer)
    return f" (below {least:.4g})" if too_slow(ratio, minimums) else ""
