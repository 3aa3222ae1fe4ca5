# SPDX-License-Identifier: Apache-2.0
"""Two results side by side: a decision for each row and number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparing.decision import Decision, Evidence, Rule, Verdict, decide
from comparing.results import TIME, Process

# Counters that have a better direction: True where smaller is better.
_SMALLER = {
    "peak_device_bytes": True,
    "bytes_per_item": True,
    "joules_per_item": True,
    "first_batch": True,
    "worker_start_seconds": True,
    "first_inference_seconds": True,
    "init_seconds": True,
    "read_seconds": True,
    "copy_seconds": True,
    "storage_thread_seconds": True,
    "decode_thread_seconds": True,
    "preprocess_thread_seconds": True,
    "tokenize_thread_seconds": True,
    "load_model": True,
    "load_data": True,
    "data_to_device": True,
    "inference": True,
    "score": True,
    "other": True,
    "end_to_end": True,
    "extract_seconds": True,
    "items_per_second": False,
    "bytes_per_second": False,
    "max_batch_size": False,
    "accuracy": False,
}
COUNTERS = tuple(_SMALLER)


def smaller_is_better(metric: str) -> bool:
    """Of the time and of a counter; one that nobody knows counts as a time."""
    return _SMALLER.get(metric, True)


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
        evidence = {name: _evidence(name, metric, base, new, paired) for name in comparable}
        usable = {name: found for name, found in evidence.items() if found is not None}
        decisions = decide(list(usable.values()), rule, smaller_is_better(metric))
        lines += [
            Line(name, metric, decision) for name, decision in zip(usable, decisions, strict=True)
        ]
    place = {name: i for i, name in enumerate(names)}
    return sorted(lines, key=lambda line: place[line.name])


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
    return None


def _evidence(
    name: str, metric: str, base: Sequence[Process], new: Sequence[Process], paired: bool
) -> Evidence | None:
    """None where a number is missing or 0 everywhere on a side: a ratio has no meaning then."""

    def numbers(processes: Sequence[Process]) -> list[float]:
        return [process.rows.get(name, {}).get(metric, 0.0) for process in processes]

    before, after = numbers(base), numbers(new)
    if paired:
        rounds = [(a, b) for a, b in zip(before, after, strict=False) if a > 0 and b > 0]
        before, after = [a for a, _ in rounds], [b for _, b in rounds]
    before, after = [a for a in before if a > 0], [b for b in after if b > 0]
    return Evidence(tuple(before), tuple(after), paired) if before and after else None
