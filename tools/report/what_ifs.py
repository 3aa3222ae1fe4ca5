# SPDX-License-Identifier: Apache-2.0
"""Tables of what changes of a setting would gain, and of how good predictions were."""

import math
from collections.abc import Callable
from typing import Any

from results.markdown import cell, code, table

from report import diagnosis, wording
from report.whole_search import faster
from report.whole_search.section import Found

_NUMBERS = ["Predicted", "Times as fast", "95 % interval", "Measured", "Error"]


def settings_of(finding: Any) -> list[Any]:
    """The changes that keep the search what it is: a tail alone is another kind of search."""
    return [what_if for what_if in finding.what_ifs if what_if.axis != "configuration"]


def tails_of(finding: Any) -> list[Any]:
    return [what_if for what_if in finding.what_ifs if what_if.axis == "configuration"]


def of_all(findings: list[Any], chosen: Callable[[Any], list[Any]] = settings_of) -> str:
    """A line for each chosen change that helps."""
    lines = []
    for finding in findings:
        for what_if in chosen(finding):
            predicted = what_if.predicted_seconds if what_if.error is not None or not (
                what_if.measured_seconds) else None  # fmt: skip
            lines.append([
                cell(_who(finding)),
                cell(what_if.change),
                wording.significant(what_if.speedup),
                wording.interval(what_if.gain.low, what_if.gain.high),
                wording.seconds(_number(what_if.measured_seconds)),
                wording.seconds(_number(predicted)),
                _percent(_number(what_if.error)),
                cell(diagnosis.words(what_if.next_limit)),
                "<br>".join(cell(text) for text in (what_if.caveat or "").split("; ")
                            if text not in ("", "measured, not predicted")),
            ])  # fmt: skip
    headers = ["Search", "Change", "Times as fast", "95 % interval", "Measured", "Predicted",
               "Error", "Next limit", "Note"]  # fmt: skip
    return table(headers, lines, _NUMBERS) if lines else ""


def of_zoo(found: Found) -> str:
    """A line for each row of the search's question that was faster beyond the noise."""
    rows = sorted((one for one in found.faster if one.gain.named), key=lambda one: one.row.seconds)
    lines = [
        [cell(faster.words(one.row, one.axis)), wording.significant(one.gain.times),
         wording.interval(one.gain.low, one.gain.high), wording.seconds(one.row.seconds)]
        for one in rows
    ]  # fmt: skip
    headers = ["Change", "Times as fast", "95 % interval", "Measured"]
    return table(headers, lines, _NUMBERS) if lines else ""


def of_checks(checks: list[Any]) -> str:
    """A line for each prediction whose search was measured too."""
    lines = [
        [code(check.row_name), cell(check.change), wording.seconds(check.predicted),
         wording.seconds(check.measured), _percent(check.error),
         "scored first in its process" if check.first else ""]
        for check in checks
    ]  # fmt: skip
    headers = ["Row", "Change", "Predicted", "Measured", "Error", "Note"]
    return table(headers, lines, _NUMBERS) if lines else ""


def _who(finding: Any) -> str:
    return f"{wording.network(finding.subject)} on {wording.device(finding.device)}" + (
        f", {finding.configuration}" if finding.configuration != "full" else ""
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _percent(share: float) -> str:
    if not math.isfinite(share):
        return ""
    whole = round(100 * share)
    return f"{whole:+} %" if whole else "0 %"
