# SPDX-License-Identifier: Apache-2.0
"""The table of what changes of a setting would gain: predicted from measured rows, and measured
where a row shows it."""

import math
from typing import Any

from results.markdown import cell, code, table

from report import first_screen, wording

_NUMBERS = ["Predicted", "Items/s", "Speedup", "Measured", "Error"]
_HEADERS = ["Candidate", "Change", "Predicted", "Items/s", "Speedup", "Next limit", "Measured",
            "Error", "From rows"]  # fmt: skip


def of_one(finding: Any) -> str:
    """The table of one candidate. The page shows the candidate above it and the rows below it."""
    return table(_HEADERS, [["", *line[:-1], ""] for line in _lines(finding)], _NUMBERS)


def of_all(findings: list[Any]) -> str:
    lines = [
        [cell(f"{wording.network(finding.subject)} on {wording.device(finding.device)}"), *line]
        for finding in findings
        for line in _lines(finding)
    ]
    return table(_HEADERS, lines, _NUMBERS) if lines else ""


def _lines(finding: Any) -> list[list[str]]:
    lines = []
    for what_if in finding.what_ifs:
        caveat = f"<br>{cell(what_if.caveat)}" if what_if.caveat else ""
        rows = [code(row) for row in what_if.rows]
        if what_if.measured_row:
            rows.append(f"measured: {code(what_if.measured_row)}")
        lines.append(
            [
                cell(what_if.change) + caveat,
                wording.seconds(_number(what_if.predicted_seconds)),
                wording.significant(_number(what_if.predicted_items_per_second)),
                f"{wording.significant(what_if.speedup)} "
                f"({wording.significant(what_if.gain.low)} to "
                f"{wording.significant(what_if.gain.high)})",
                cell(first_screen.limit(what_if.next_limit)),
                wording.seconds(_number(what_if.measured_seconds)),
                _percent(_number(what_if.error)),
                "<br>".join(rows),
            ]
        )
    return lines


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _percent(share: float) -> str:
    return f"{100 * share:+.0f} %" if math.isfinite(share) else "-"
