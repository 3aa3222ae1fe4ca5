# SPDX-License-Identifier: Apache-2.0
"""The decision about rows: its statistics against published examples, a table of cases, its
errors."""

import math
import random

import pytest
from compare import intervals, paired_rounds
from compare.decision import Decision, Evidence, Rule, Verdict, decide
from compare.gate import Gate
from compare.table import Line

RULE = Rule()


def test_the_signed_rank_test_is_exact() -> None:
    # Wilcoxon's tables, two-sided 5 %: sums of up to 52 of 20 ranks, 8 of 10, 0 of 6.
    for count, critical in ((20, 52), (10, 8), (6, 0)):
        for smaller, significant in ((critical, True), (critical + 1, False)):
            values = [float(i) for i in range(1, count + 1)]
            left = smaller
            for rank in range(count, 0, -1):
                if rank <= left:
                    values[rank - 1] *= -1
                    left -= rank
            assert (intervals.paired_beyond(values, 0) <= 0.05) == significant
    # The 53rd of the 210 means, from either end.
    values = [float(2**i) for i in range(20)]
    means = sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])
    found = intervals.paired_interval(values, 0.05)
    assert (found.low, found.high) == (means[52], means[-53])
    assert intervals.paired_interval(values[:5], 0.05) is None
    assert intervals.paired_median([1.0, 2.0, 9.0]) == 3.5


def test_mann_whitney_is_exact() -> None:
    # Tables of U: 4 and 4 values that do not overlap, 2/70; 5 and 5, 2/252.
    assert intervals.unpaired_beyond([1, 2, 3, 4], [5, 6, 7, 8], 0) == pytest.approx(2 / 70)
    found = intervals.unpaired_beyond([5, 6, 7, 8, 9], [0, 1, 2, 3, 4], 0)
    assert found == pytest.approx(2 / 252)
    assert intervals.unpaired_interval([1, 2, 3], [4, 5, 6], 0.05) is None
    found = intervals.unpaired_interval([0, 0, 0, 0], [1, 2, 3, 4], 0.05)
    assert (found.low, found.high) == (1, 4)


def pairs(effect: float, spread: float, count: int) -> Evidence:
    """Rounds whose ratios lie around 1 + effect."""
    logs = [math.log1p(effect) + spread * (2 * i / (count - 1) - 1) for i in range(count)]
    return Evidence((1.0,) * count, tuple(math.exp(value) for value in logs), True)


@pytest.mark.parametrize(
    ("what", "row", "verdict"),
    [
        ("nothing differs", pairs(0, 0.01, 20), Verdict.SAME),
        ("clearly slower", pairs(0.08, 0.02, 20), Verdict.SLOWER),
        ("clearly faster", pairs(-0.08, 0.02, 20), Verdict.FASTER),
        ("certain, but too small to matter", pairs(0.01, 0.005, 20), Verdict.SAME),
        ("certain, near the margin", pairs(0.029, 0.01, 20), Verdict.UNSURE),
        ("certain, but its near end is below the margin", pairs(0.04, 0.04, 20), Verdict.UNSURE),
        ("large, but noisy", pairs(0.05, 0.2, 20), Verdict.UNSURE),
        ("too noisy to be the same", pairs(0, 0.2, 20), Verdict.UNSURE),
        ("too few rounds", pairs(0.5, 0.01, 5), Verdict.UNSURE),
        ("few rounds cannot be slower", pairs(0.5, 0.01, 7), Verdict.UNSURE),
        ("one round", Evidence((1.0,), (2.0,), True), Verdict.UNSURE),
        ("many processes", Evidence((1.0,) * 8, (1.1,) * 8, False), Verdict.SLOWER),
        ("too few processes", Evidence((1.0,) * 3, (1.1,) * 3, False), Verdict.UNSURE),
        ("equal processes", Evidence((1.0,) * 8, (1.001,) * 8, False), Verdict.SAME),
    ],
)
def test_verdicts(what: str, row: Evidence, verdict: Verdict) -> None:
    (decision,) = decide([row], RULE)
    assert decision.verdict == verdict, f"{what}: {decision}"
    assert decision.reason


def test_a_counter_may_be_better_when_it_is_larger() -> None:
    (decision,) = decide([pairs(0.1, 0.01, 20)], RULE, smaller_is_better=False)
    assert decision.verdict == Verdict.FASTER
    assert decision.effect == pytest.approx(0.1)


def test_many_rows_need_more_evidence_than_one() -> None:
    weak = pairs(0.08, 0.01, 13)
    (alone,) = decide([weak], RULE)
    assert alone.verdict == Verdict.SLOWER
    many = decide([weak, *(pairs(0, 0.2, 20) for _ in range(200))], RULE)[0]
    assert many.verdict == Verdict.UNSURE
    # Among rows that differ the correction is weaker; the interval shown is the one that decides.
    some = decide([pairs(0.08, 0.01, 20), *(pairs(0, 0.01, 20) for _ in range(20))], RULE)[0]
    assert some.verdict == Verdict.SLOWER
    assert RULE.margin < some.low < decide([pairs(0.08, 0.01, 20)], RULE)[0].low


@pytest.mark.parametrize(
    ("noise", "slow", "most_unsure"), [(0.01, 0, 0.01), (0.02, 0, 0.1), (0.02, 0.1, 1), (0.1, 0, 1)]
)
def test_equal_programs_are_rarely_called_different(
    noise: float, slow: float, most_unsure: float
) -> None:
    """1,500 invented pairs through both looks: lognormal noise, and a share of slow processes."""
    draw = random.Random(7)
    verdicts = [looked_at(draw, noise, 0.0, slow) for _ in range(1500)]
    wrong = sum(verdict in (Verdict.SLOWER, Verdict.FASTER) for verdict in verdicts)
    assert wrong / len(verdicts) < 0.01
    assert verdicts.count(Verdict.UNSURE) / len(verdicts) <= most_unsure


def test_a_difference_at_the_margin_is_not_beyond_it() -> None:
    """The worst case without an effect that matters; --fail-if=slower:5% at a delay of 5 %."""
    draw = random.Random(9)
    slower = [looked_at(draw, 0.02, RULE.margin, 0) for _ in range(1500)].count(Verdict.SLOWER)
    assert slower / 1500 < 0.01
    found = [looked_at(draw, 0.02, 0.05, 0, at_least=0.05) for _ in range(1500)]
    assert found.count(None) / 1500 < 0.01


def test_a_delay_beyond_the_margin_is_found() -> None:
    draw = random.Random(8)
    verdicts = [looked_at(draw, 0.02, 0.08, 0) for _ in range(500)]
    assert verdicts.count(Verdict.SLOWER) / len(verdicts) > 0.95
    failed = [looked_at(draw, 0.02, 0.1, 0, at_least=0.05) for _ in range(500)]
    assert failed.count(None) / len(failed) > 0.95


def test_many_equal_rows_give_no_wrong_verdict() -> None:
    """Of 100 comparisons of 40 rows at the margin, about one may err at all."""
    draw = random.Random(10)
    wrong = 0
    for _ in range(100):
        rows = [rounds(draw, 0.02, RULE.margin, 0) for _ in range(40)]
        wrong += any(one.verdict == Verdict.SLOWER for one in decide(rows, RULE))
    assert wrong <= 4


def looked_at(
    draw: random.Random, noise: float, delay: float, slow: float, at_least: float = 0.0
) -> Verdict | None:
    """The verdict after the looks; None where a gate at `at_least` fails."""
    gate = Gate("time", at_least)
    whole = rounds(draw, noise, delay, slow)
    line = Line("row", "time", Decision(Verdict.UNSURE, ""))
    for last, share in paired_rounds.LOOKS:
        evidence = Evidence(whole.base[:last], whole.new[:last], True)
        line = Line("row", "time", decide([evidence], RULE.spending(share))[0])
        if line.decision.verdict != Verdict.UNSURE and not gate.undecided(line):
            break
    return None if at_least and gate.fails(line) else line.decision.verdict


def rounds(draw: random.Random, noise: float, delay: float, slow: float) -> Evidence:
    def time(factor: float) -> float:
        return factor * draw.lognormvariate(0, noise) * (1.2 if draw.random() < slow else 1)

    base = tuple(time(1) for _ in range(20))
    return Evidence(base, tuple(time(1 + delay) for _ in range(20)), True)
