# SPDX-License-Identifier: Apache-2.0
"""Rows of two results: numbers that one side lacks, or that are 0."""

import pytest
from compare.decision import Rule, Verdict
from compare.gate import Gate, exit_code
from compare.table import compare
from results.processes import Process

ROW = "Inference/resnet18/full/cpu/batch:8/manual_time"


def processes(metric: str, *values: float | None) -> list[Process]:
    rows = [{"time": 1.0} | ({} if v is None else {metric: v}) for v in values]
    return [Process({}, {ROW: row}) for row in rows]


@pytest.mark.parametrize(
    ("what", "metric", "base", "new", "verdict"),
    [
        ("gone", "max_batch_size", [100.0], [None], Verdict.MISSING),
        ("new", "max_batch_size", [None], [100.0], Verdict.NEW),
        ("became 0", "accuracy", [0.5], [0.0], Verdict.SLOWER),
        ("0 on both sides", "accuracy", [0.0], [0.0], Verdict.SAME),
        ("0 in some", "accuracy", [0.5], [0.0, 0.5], Verdict.UNSURE),
        ("was 0", "accuracy", [0.0], [0.5], Verdict.UNSURE),
        ("became no time", "inference", [0.5], [0.0], Verdict.FASTER),
    ],
)
@pytest.mark.parametrize("paired", [False, True])
def test_a_number_that_goes_is_reported(what, metric, base, new, verdict, paired) -> None:
    def twelve(values: list) -> list[Process]:
        return processes(metric, *(values * 12)[:12])

    lines = compare(twelve(base), twelve(new), paired, Rule(), [metric])
    assert [(line.metric, line.decision.verdict) for line in lines] == [(metric, verdict)], what
    gate = Gate.parse(f"{metric}:worse:5%")
    assert exit_code(lines, [gate], False) == (1 if verdict == Verdict.SLOWER else 0)
    doubtful = verdict in (Verdict.MISSING, Verdict.UNSURE)
    assert (exit_code(lines, [gate], True) == 4) == doubtful


def test_a_few_processes_with_0_give_no_verdict() -> None:
    few = [processes("accuracy", *[value] * 3) for value in (0.5, 0.0)]
    (line,) = compare(*few, False, Rule(), ["accuracy"])
    assert line.decision.verdict == Verdict.UNSURE
