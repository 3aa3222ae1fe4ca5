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
        (Verdict.SLOWER, 0.06, "slower:5%", False, 1),
        (Verdict.SLOWER, 0.04, "slower:5%", False, 0),
        (Verdict.UNSURE, 0.5, "slower:5%", False, 0),
        (Verdict.UNSURE, 0.5, "slower:5%", True, 4),
        (Verdict.MISSING, None, "slower:5%", True, 4),
        (Verdict.FAILED, None, "slower:5%", False, 0),
        (Verdict.FASTER, -0.5, "slower:5%", True, 0),
        (Verdict.SLOWER, 0.9, "items_per_second:worse:5%", False, 0),
    ],
)
def test_exit_codes(verdict, effect, gate, strict, code) -> None:
    line = Line("row", "time", Decision(verdict, "why", effect))
    assert exit_code([line], [Gate.parse(gate)], strict) == code
