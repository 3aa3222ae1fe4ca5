# SPDX-License-Identifier: Apache-2.0
"""Two results side by side: a decision for each row and number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from results.processes import TIME, Process
from results.schema import smaller_is_better
from results.versions import of, several

from compare.decision import Decision, Evidence, Rule, Verdict, decide


@dataclass(frozen=True)
class Line:
    """A row of the table: `metric` is `time` or a counter's name."""

    name: str
    metric: str
    decision: Decision


def compare(
    base: Sequence[Process], new: Sequence[Process], paired: bool, rule: Rule,
    metrics: Iterable[str] = (TIME,),
) -> list[Line]:  # fmt: skip
    """All rows of either side, in the order of the base. The correction for many rows is made
    within each metric."""
    names = dict.fromkeys(
        name for process in (*base, *new) for name in (*process.rows, *process.failures)
    )
    lines = [
        Line(name, TIME, decision)
        for name in names
        if (decision := _incomparable(name, base, new)) is not None
    ]
    comparable = [name for name in names if _incomparable(name, base, new) is None]
    for metric in metrics:
        having = [n for n in comparable if _has(n, metric, base) or _has(n, metric, new)]
        evidence = {name: _evidence(name, metric, base, new, paired) for name in having}
        usable = {name: found for name, found in evidence.items() if isinstance(found, Evidence)}
        decisions = decide(list(usable.values()), rule, smaller_is_better(metric))
        lines += [
            Line(name, metric, decision) for name, decision in zip(usable, decisions, strict=True)
        ]
        lines += [
            Line(name, metric, found)
            for name, found in evidence.items()
            if isinstance(found, Decision)
        ]
    place = {name: i for i, name in enumerate(names)}
    return sorted(lines, key=lambda line: place[line.name])


def unknown_metrics(metrics: Iterable[str], *processes: Process) -> list[str]:
    """The metrics that no row has."""
    known = {key for process in processes for row in process.rows.values() for key in row}
    return [metric for metric in metrics if metric not in known]


def _has(name: str, metric: str, processes: Sequence[Process]) -> bool:
    return any(metric in process.rows.get(name, {}) for process in processes)


def _incomparable(name: str, base: Sequence[Process], new: Sequence[Process]) -> Decision | None:
    """Why a row cannot be compared; None where it can."""
    for side, processes in (("new", new), ("base", base)):
        for process in processes:
            if name in process.failures:
                return Decision(Verdict.FAILED, f"{side}: {process.failures[name]}")
    if not any(name in process.rows for process in new):
        return Decision(Verdict.MISSING, "the base has it, the new results do not")
    if not any(name in process.rows for process in base):
        return Decision(Verdict.NEW, "the base does not have it")
    step = name.split("/")[0]
    sides = [[p for p in side if name in p.rows] for side in (base, new)]
    if len({of(process.rows[name]) for side in sides for process in side}) > 1:
        # One file of each side is enough to name the versions.
        rows = [(step, of(side[0].rows[name]), side[0].file) for side in sides]
        rows += [(step, of(p.rows[name]), p.file) for side in sides for p in side
                 if of(p.rows[name]) != of(side[0].rows[name])]  # fmt: skip
        return Decision(Verdict.MISSING, f"not compared: {several(rows)[0]}")
    return None


def _evidence(
    name: str, metric: str, base: Sequence[Process], new: Sequence[Process], paired: bool
) -> Evidence | Decision:
    """The numbers of the processes that have them; a decision where a side lacks the number."""

    def numbers(processes: Sequence[Process]) -> list[float | None]:
        return [process.rows.get(name, {}).get(metric) for process in processes]

    before, after = numbers(base), numbers(new)
    if paired:
        rounds = [
            (a, b) for a, b in zip(before, after, strict=False) if a is not None and b is not None
        ]
        before, after = [a for a, _ in rounds], [b for _, b in rounds]
    first = [a for a in before if a is not None]
    second = [b for b in after if b is not None]
    if not _has(name, metric, new):
        return Decision(Verdict.MISSING, f"the base has {metric}, the new results do not")
    if not _has(name, metric, base):
        return Decision(Verdict.NEW, f"the base does not have {metric}")
    if not first:
        return Decision(Verdict.UNSURE, f"no round has {metric} on both sides")
    return Evidence(tuple(first), tuple(second), paired)
