# SPDX-License-Identifier: Apache-2.0
"""The first screen of a report: the bottleneck of each candidate in one sentence, with its evidence
and what a change of a setting would gain."""

import statistics
from collections import Counter
from dataclasses import dataclass
from typing import Any

from results.table import Results

from report import diagnosis, wording


@dataclass(frozen=True)
class FirstScreen:
    """`full` and `partial` are diagnoses; `diagnosed` is False where the results do not fit one;
    `checks` say how good predictions are, `left_out` which candidates lack a diagnosis and why."""

    full: list[Any]
    partial: list[Any]
    checks: list[str]
    left_out: list[str]
    diagnosed: bool


def findings(results: Results) -> FirstScreen:
    try:
        found = diagnosis.diagnose(results)
        return FirstScreen(
            [one for one in found if not one.partial],
            [one for one in found if one.partial],
            _checks(diagnosis.validate(results)),
            _left_out(diagnosis.undiagnosed(results)),
            True,
        )
    except (
        Exception
    ) as error:  # Results that break the diagnosis still get their page, which says so.
        reason = f"{type(error).__name__}: {error}"
        left_out = [f"No diagnosis: it failed on these results ({reason})."]
        return FirstScreen([], [], [], left_out, False)


def _checks(checks: list[Any]) -> list[str]:
    """How far predictions were off where the predicted row was measured too: one sentence for all
    of them and one per axis, the best known axis first. Rows that scored first in their process
    count separately, since a prediction does not know what that cost."""
    usual = [check for check in checks if check.error is not None and not check.first]
    if not usual:
        return []
    first = len(checks) - len(usual)
    others = f" ({first} more searches scored first in their process and are not counted)"
    text = (
        f"Of {len(usual)} changes that were predicted from other rows and measured too, the "
        f"predictions are off by {_errors(usual)}{others if first else ''}."
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
    """The name of a limit in sentences; an unknown limit keeps its key."""
    return diagnosis.LIMITS.get(key, key or "")
