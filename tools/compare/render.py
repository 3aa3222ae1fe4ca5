# SPDX-License-Identifier: Apache-2.0
"""A comparison as a table for a terminal, as Markdown for a pull request, and as JSON."""

import json
from collections import Counter

from results.markdown import cell, code
from rich.console import Console
from rich.table import Table

from compare.decision import Rule, Verdict
from compare.table import Line

_COLORS = {Verdict.SLOWER: "red", Verdict.FAILED: "red", Verdict.MISSING: "yellow",
            Verdict.UNSURE: "yellow", Verdict.FASTER: "green"}  # fmt: skip
_HEADS = ("Row", "Number", "Verdict", "Change", "Interval", "Why")
_QUIET = {Verdict.SAME}


def summary(lines: list[Line]) -> str:
    counts = Counter(line.decision.verdict for line in lines)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])


def terminal(lines: list[Line], console: Console) -> None:
    table = Table(title=summary(lines))
    for head in _HEADS:
        table.add_column(head, overflow="fold")
    for line in lines:
        table.add_row(*_cells(line), style=_COLORS.get(line.decision.verdict))
    console.print(table)


def markdown(lines: list[Line], rule: Rule) -> str:
    """Rows that are not SAME come first; the others are folded."""
    loud = [line for line in lines if line.decision.verdict not in _QUIET]
    quiet = [line for line in lines if line.decision.verdict in _QUIET]
    text = [f"**{summary(lines)}** (differences below {rule.margin:.1%} do not matter)", ""]
    if loud:
        text += [*_markdown_table(loud), ""]
    if quiet:
        text += ["<details><summary>SAME</summary>", "", *_markdown_table(quiet), "", "</details>"]
    return "\n".join(text).rstrip() + "\n"


def as_json(lines: list[Line], rule: Rule) -> str:
    rows = [
        {"name": line.name, "metric": line.metric, "verdict": str(d.verdict), "reason": d.reason,
         "effect": d.effect, "low": d.low, "high": d.high, "units": d.units}
        for line in lines
        for d in [line.decision]
    ]  # fmt: skip
    head = {"margin": rule.margin, "alpha": rule.alpha, "same_alpha": rule.same_alpha}
    return json.dumps({"rule": head, "summary": summary(lines), "rows": rows}, indent=1) + "\n"


def _markdown_table(lines: list[Line]) -> list[str]:
    rows = ["| " + " | ".join(_HEADS) + " |", "|" + "---|" * len(_HEADS)]
    for line in lines:
        name, *others = _cells(line)
        cells = [code(name), *map(cell, others)]
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _cells(line: Line) -> list[str]:
    d = line.decision
    change = "" if d.effect is None else f"{d.effect:+.1%}"
    interval = "" if d.low is None or d.high is None else f"{d.low:+.1%} to {d.high:+.1%}"
    return [line.name, line.metric, str(d.verdict), change, interval, d.reason]
