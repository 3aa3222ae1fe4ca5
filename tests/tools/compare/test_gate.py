# SPDX-License-Identifier: Apache-2.0
"""Gates: how they are written, and the exit codes."""

import pytest
from compare.decision import Decision, Verdict
from compare.gate import Gate, exit_code
from compare.table import Line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slower",
        "slower:5",
        "faster:5%",
        "macs:worse:5%",
        "time:x:5%",
        "a:b:c:d%",
        "slower:nan%",
        "slower:inf%",
        "slower:-1%",
    ],
)
def test_bad_gates_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Gate.parse(text)


@pytest.mark.parametrize(
    ("verdict", "effect", "gate", "strict", "code"),
    [
        (Verdict.SLOWER, 0.07, "slower:5%", False, 1),
        (Verdict.SLOWER, 0.055, "slower:5%", False, 0),  # Its near end is below 5 %.
        (Verdict.SLOWER, -0.07, "slower:5%", False, 1),
        (Verdict.UNSURE, 0.5, "slower:5%", False, 0),
        (Verdict.UNSURE, 0.5, "slower:5%", True, 4),
        (Verdict.MISSING, None, "slower:5%", True, 4),
        (Verdict.FAILED, None, "slower:5%", False, 0),
        (Verdict.FASTER, -0.5, "slower:5%", True, 0),
        (Verdict.SLOWER, 0.9, "items_per_second:worse:5%", False, 0),
    ],
)
def test_exit_codes(verdict, effect, gate, strict, code) -> None:
    ends = (None, None) if effect is None else (effect - 0.01, effect + 0.01)
    line = Line("row", "time", Decision(verdict, "why", effect, *ends))
    assert exit_code([line], [Gate.parse(gate)], strict) == code


@pytest.mark.parametrize(
    ("verdict", "low", "high", "undecided"),
    [
        (Verdict.SLOWER, 0.04, 0.06, True),
        (Verdict.SLOWER, 0.06, 0.08, False),
        (Verdict.SLOWER, 0.035, 0.045, False),
        (Verdict.UNSURE, 0.0, 0.08, False),
    ],
)
def test_more_rounds_may_decide_a_gate(verdict, low, high, undecided) -> None:
    line = Line("row", "time", Decision(verdict, "why", (low + high) / 2, low, high))
    assert Gate.parse("slower:5%").undecided(line) == undecided
