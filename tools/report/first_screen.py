# SPDX-License-Identifier: Apache-2.0
"""What a reader needs first: the bottleneck of each candidate in one sentence, with its evidence
and what a change would bring."""

import statistics
from collections import Counter
from dataclasses import dataclass
from typing import Any

from results.table import Results

from report import diagnosis, wording


@dataclass(frozen=True)
class FirstScreen:
    """`full` and `partial` are diagnoses; `diagnosed` is False where the results do not fit one;
    `checks` tell how good predictions are, `left_out` what has no diagnosis and why."""

    full: list[Any]
    partial: list[Any]
    checks: list[str]
    left_out: list[str]
    diagnosed: bool


def findings(results: Results) -> FirstScreen:
    try:
        return FirstScreen(
            list(diagnosis.diagnose(results)),
            list(diagnosis.diagnose_partial(results)),
            _checks(diagnosis.validate(results)),
            _left_out(diagnosis.undiagnosed(results)),
            True,
        )
    except Exception as error:  # Results too odd for it still get their page, which says so.
        reason = f"{type(error).__name__}: {error}"
        left_out = [f"No diagnosis: these results do not fit it ({reason})."]
        return FirstScreen([], [], [], left_out, False)


def _checks(checks: list[Any]) -> list[str]:
    """How far predictions were off where the predicted row was measured too: one sentence for all
    of them and one per axis, the best known axis first. Rows that scored first in their process
    count apart: no prediction knows what that cost."""
    usual = [check for check in checks if check.error is not None and not check.first]
    if not usual:
        return []
    first = len(checks) - len(usual)
    apart = f" ({first} more searches scored first in their process, and count apart)"
    text = (
        f"Of {len(usual)} changes that were predicted from other rows and measured too, the "
        f"predictions are off by {_errors(usual)}{apart if first else ''}."
    )
    axes = Counter(check.axis for check in usual)
    return [text] + [
        f"{axis.replace('+', ' and ').capitalize()}: {number} predictions, off by "
        f"{_errors([check for check in usual if check.axis == axis])}."
        for axis, number in axes.most_common()
    ]


def _errors(checks: list[Any]) -> str:
    errors = sorted(abs(check.error) for check in checks)
    median = wording.percent(statistics.median(errors))
    return f"{median} in the median and {wording.percent(errors[-1])} at most"


def _left_out(candidates: list[Any]) -> list[str]:
    return [
        f"No bottleneck of {wording.network(one.subject)} on {wording.device(one.device)}: "
        f"{one.reason}"
        for one in candidates
    ]


def limit(key: str | None) -> str:
    """What a limit is called in sentences; one that is unknown keeps its key."""
    return diagnosis.LIMITS.get(key, key or "")
