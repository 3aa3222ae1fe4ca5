# SPDX-License-Identifier: Apache-2.0
"""Series -> one HTML page that needs no other file: style, drawings and text are inside."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from track.change_points import Rule
from track.drawing import svg
from track.findings import Finding, headline
from track.series import Series


def render(
    series: Sequence[Series], findings: Sequence[Finding], skipped: Sequence[str], rule: Rule
) -> str:
    """The page's HTML. `findings` belong to any of the series. Text that comes from files is
    escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    dates = sorted({point.date for one in series for point in one.points})
    numbered = [(one, _member(one, number, findings)) for number, one in enumerate(series)]
    return environment.get_template("history.html.j2").render(
        machines=[
            (machine, [member for _, member in members])
            for machine, members in groupby(numbered, key=lambda pair: pair[0].machine)
        ],
        runs=len(dates),
        first=f"{dates[0]:%Y-%m-%d %H:%M}",
        last=f"{dates[-1]:%Y-%m-%d %H:%M}",
        headline=headline(series, findings),
        skipped=skipped,
        rule=rule,
    )


def _member(one: Series, number: int, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "name": one.name,
        "metric": one.metric,
        "count": len(one.points),
        "svg": svg(one, number),
        "changes": [
            {
                "since": f"{finding.date:%Y-%m-%d %H:%M}",
                "words": finding.words,
                "tone": "worse" if finding.verdict in ("SLOWER", "WORSE") else "better",
                "commits": finding.commits,
                "conditions": finding.conditions,
            }
            for finding in findings
            if finding.series is one
        ],
    }
