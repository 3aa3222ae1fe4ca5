# SPDX-License-Identifier: Apache-2.0
"""The conditions of `--fail-if`, and the exit codes of a comparison."""

import math
from dataclasses import dataclass
from enum import IntEnum

from results.processes import TIME
from results.schema import DIRECTED

from compare.decision import Verdict
from compare.table import Line


class ExitCode(IntEnum):
    PASSED = 0
    SLOWER = 1
    BAD_INPUT = 2
    ENVIRONMENT = 3
    UNSURE = 4
    INTERRUPTED = 130  # the code that a shell gives a program that SIGINT ended


@dataclass(frozen=True)
class Gate:
    """Fails for a row with the verdict SLOWER whose `metric` became worse by `least` or more, the
    near end of its interval included."""

    metric: str
    least: float

    @classmethod
    def parse(cls, text: str) -> "Gate":
        """`slower:5%` or, for a counter, `peak_device_bytes:worse:5%`; raises ValueError."""
        parts = [TIME, *text.split(":")] if text.count(":") == 1 else text.split(":")
        *names, word, share = parts if len(parts) == 3 else ("", "", "")
        metric = names[0] if len(names) == 1 else ""
        if metric not in (TIME, *DIRECTED) or word not in ("slower", "worse"):
            raise ValueError(
                f"{text!r}: write slower:5%, or COUNTER:worse:5% with one of {', '.join(DIRECTED)}"
            )
        if not share.endswith("%"):
            raise ValueError(f"{text!r}: the last part must be a percentage, such as 5%")
        least = float(share[:-1]) / 100
        if not (math.isfinite(least) and least >= 0):
            raise ValueError(f"{text!r}: {share} is not a percentage of 0 or more")
        return cls(metric, least)

    def fails(self, line: Line) -> bool:
        return self._slower(line) and line.decision.near >= self.least

    def undecided(self, line: Line) -> bool:
        """Whether a row is SLOWER, but its interval holds `least`: more rounds may decide it."""
        return self._slower(line) and line.decision.near < self.least < line.decision.far

    def _slower(self, line: Line) -> bool:
        return line.metric == self.metric and line.decision.verdict == Verdict.SLOWER


def exit_code(lines: list[Line], gates: list[Gate], strict: bool) -> ExitCode:
    """SLOWER takes precedence over UNSURE. Without gates no row fails."""
    if any(gate.fails(line) for gate in gates for line in lines):
        return ExitCode.SLOWER
    doubtful = {Verdict.UNSURE, Verdict.MISSING, Verdict.FAILED}
    gated = {TIME, *(gate.metric for gate in gates)}
    if strict and any(line.decision.verdict in doubtful and line.metric in gated for line in lines):
        return ExitCode.UNSURE
    return ExitCode.PASSED
