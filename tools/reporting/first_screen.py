# SPDX-License-Identifier: Apache-2.0
"""What a reader needs first: the bottleneck of each candidate in one sentence, with its evidence
and what a change would bring. The one place that knows where the diagnosis comes from."""

import importlib
import importlib.util
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reporting import joint, sentences, shares, wording
from reporting.reader import Results

_DIAGNOSIS = "reporting.diagnosis"


@dataclass(frozen=True)
class Finding:
    """A diagnosis without what-ifs: the sentence of a candidate's fastest row on a device."""

    source: str
    subject: str
    device: str
    sentence: str
    evidence: tuple[str, ...]
    what_ifs: tuple[Any, ...] = ()


@dataclass(frozen=True)
class FirstScreen:
    """`full` and `partial` are findings; `diagnosed` says that they are more than the sentences of
    combinations; `checks` tell how good predictions are, `left_out` what has no finding and why."""

    full: list[Any]
    partial: list[Any]
    checks: list[str]
    left_out: list[str]
    diagnosed: bool


def findings(results: Results) -> FirstScreen:
    """The diagnosis's, else the largest steps of each candidate's fastest row."""
    left_out = []
    if diagnosis := _diagnosis():
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
    return FirstScreen(_from_shares(results), [], [], left_out, False)


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
    return getattr(_diagnosis(), "LIMITS", {}).get(key, key or "")


def _diagnosis() -> Any:
    found = importlib.util.find_spec(_DIAGNOSIS)
    return importlib.import_module(_DIAGNOSIS) if found else None


def _from_shares(results: Results) -> list[Finding]:
    rows = shares.with_steps(results.of_step("EndToEnd"))
    alone = rows[~rows["configuration"].map(joint.is_joint).astype(bool)]
    found = []
    for (source, subject, device), own in alone.groupby(
        ["source", "subject", "device"], sort=False
    ):
        full = own[own["configuration"] == "full"]
        row = _fastest(full if len(full) else own)
        others = [name for name in own["name"] if name != row["name"]]
        sentence = sentences.combinations(row.to_frame().T, results.contexts)[0]
        found.append(Finding(source, subject, device, sentence, (row["name"], *others)))
    return found


def _fastest(rows: pd.DataFrame) -> pd.Series:
    times = rows["extract_seconds"] if "extract_seconds" in rows else rows["end_to_end"]
    return rows.iloc[int(times.fillna(rows["end_to_end"]).argmin())]
