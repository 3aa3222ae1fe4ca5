# SPDX-License-Identifier: Apache-2.0
"""One sentence per EndToEnd combination that names its largest step, and one over all of them."""

import math
from collections import Counter
from typing import Any

import pandas as pd
from results import configurations

from report import shares, steps, wording
from report.steps import STEPS


def combinations(rows: pd.DataFrame, contexts: dict[str, dict[str, Any]]) -> list[str]:
    """A sentence for each row of `shares.with_steps`, in their order."""
    apart, _ = wording.settings_by_device(rows)
    return [
        _combination(row, settings, contexts)
        for (_, row), settings in zip(rows.iterrows(), apart, strict=True)
    ]


def _combination(row: pd.Series, settings: list[str], contexts: dict[str, dict[str, Any]]) -> str:
    waiting = row["mode"] in steps.WAITING_MODES
    if waiting and f"{row['mode']} mode" not in settings:
        settings = [f"{row['mode']} mode", *settings]
    who = ", ".join(
        [
            wording.candidate(row, contexts),
            wording.configuration(row),
            f"on {wording.device(row['device'])}",
            *settings,
        ]
    )
    step, share = shares.largest(row)
    total = wording.seconds(row["end_to_end"])
    sentence = f"{who}: {steps.doing(step, row['mode'])} takes {wording.percent(share)} of {total}"
    by_counter = shares.shares(row)
    second = max(
        (other for other in STEPS if other is not step), key=lambda s: by_counter[s.counter]
    )
    if by_counter[second.counter] > 0:
        runner_up = wording.percent(by_counter[second.counter])
        sentence += f", then {steps.doing(second, row['mode'])} with {runner_up}"
    return sentence + "." + _cache(row)


def _cache(row: pd.Series) -> str:
    """What a tail's trunk cost, which `end_to_end` leaves out."""
    build = row.get("build_cache", math.nan)
    if not math.isfinite(build) or configurations.is_joint(row["configuration"]):
        return ""
    text = f" Its trunk ran before, building the cache in {wording.seconds(build)}"
    after = row.get("cache_pays_after", math.nan)
    if math.isfinite(after):
        text += f", which pays after {searches(after)}"
    return text + "."


def searches(number: float) -> str:
    whole = math.ceil(number)
    return f"{whole:,} search" if whole == 1 else f"{whole:,} searches"


def overall(rows: pd.DataFrame) -> str:
    """How many combinations each step dominates."""
    if rows.empty:
        return "These results contain no serial or prefetching search."
    # Waiting for a loader and loading are different findings, so they are counted separately.
    counts = Counter(steps.doing(shares.largest(row)[0], row["mode"]) for _, row in rows.iterrows())
    if len(rows) == 1:
        return f"One combination was measured end to end; {next(iter(counts))} is its largest step."
    words = [f"{doing} in {number}" for doing, number in counts.most_common()]
    listed = wording.listed(words)
    return f"The largest step of {len(rows)} combinations measured end to end: {listed}."
