# SPDX-License-Identifier: Apache-2.0
"""The decision about rows: its statistics against published examples, a table of cases, its
errors."""

import math
import random

import pytest
from compare import intervals, paired_rounds
from compare.decision import Evidence, Rule, Verdict, benjamini_hochberg, decide

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
            assert (intervals.paired_p(values) <= 0.05) == significant
    assert intervals.paired_p([0.0, 0.0]) == 1
    # The 53rd of the 210 means, from either end.
    values = [float(2**i) for i in range(20)]
    means = sorted((a + b) / 2 for i, a in enumerate(values) for b in values[i:])
    found = intervals.paired_interval(values, 0.05)
    assert (found.low, found.high) == (means[52], means[-53])
    assert intervals.paired_interval(values[:5], 0.05) is None
    assert intervals.paired_median([1.0, 2.0, 9.0]) == 3.5


def test_mann_whitney_is_exact() -> None:
    # Tables of U: 4 and 4 values that do not overlap, 2/70; 5 and 5, 2/252.
    assert intervals.unpaired_p([1, 2, 3, 4], [5, 6, 7, 8]) == pytest.approx(2 / 70)
    assert intervals.unpaired_p([5, 6, 7, 8, 9], [0, 1, 2, 3, 4]) == pytest.approx(2 / 252)
    assert intervals.unpaired_p([1, 1, 1], [1, 1, 1]) == 1
    assert intervals.unpaired_interval([1, 2, 3], [4, 5, 6], 0.05) is None
    found = intervals.unpaired_interval([0, 0, 0, 0], [1, 2, 3, 4], 0.05)
    assert (found.low, found.high) == (1, 4)


def test_benjamini_hochberg_equals_the_published_example() -> None:
    # Benjamini and Hochberg (1995), table 1: four of fifteen are rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    adjusted = benjamini_hochberg(p)
    assert sum(value <= 0.05 for value in adjusted) == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)
    assert benjamini_hochberg([]) == []


def pairs(effect: float, spread: float, count: int, flips: int = 0) -> Evidence:
    """Rounds whose ratios lie around 1 + effect; `flips` of them have the other sign."""
    logs = [math.log1p(effect) + spread * (2 * i / (count - 1) - 1) for i in range(count)]
    for i in range(flips):
        logs[i] = -logs[i]
    return Evidence((1.0,) * count, tuple(math.exp(value) for value in logs), True)


@pytest.mark.parametrize(
    ("what", "row", "verdict"),
    [
        ("nothing differs", pairs(0, 0.01, 20), Verdict.SAME),
        ("clearly slower", pairs(0.05, 0.02, 20), Verdict.SLOWER),
        ("clearly faster", pairs(-0.05, 0.02, 20), Verdict.FASTER),
        ("certain, but too small to matter", pairs(0.01, 0.005, 20), Verdict.SAME),
        ("certain, near the margin", pairs(0.029, 0.01, 20), Verdict.UNSURE),
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
    weak = pairs(0.05, 0.01, 20, flips=4)
    assert decide([weak], RULE)[0].verdict == Verdict.SLOWER
    many = [weak, *(pairs(0, 0.2, 20) for _ in range(200))]
    assert decide(many, RULE)[0].verdict == Verdict.UNSURE


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


def test_a_delay_of_five_percent_is_found() -> None:
    draw = random.Random(8)
    verdicts = [looked_at(draw, 0.025, 0.05, 0) for _ in range(500)]
    assert verdicts.count(Verdict.SLOWER) / len(verdicts) > 0.95


def looked_at(draw: random.Random, noise: float, delay: float, slow: float) -> Verdict:
    def time(factor: float) -> float:
        return factor * draw.lognormvariate(0, noise) * (1.2 if draw.random() < slow else 1)

    base = [time(1) for _ in range(20)]
    new = [time(1 + delay) for _ in range(20)]
    verdict = Verdict.UNSURE
    for last, share in paired_rounds.LOOKS:
        evidence = Evidence(tuple(base[:last]), tuple(new[:last]), True)
        verdict = decide([evidence], RULE.spending(share))[0].verdict
        if verdict != Verdict.UNSURE:
            break
    return verdict
