# SPDX-License-Identifier: Apache-2.0
"""How good the planner's predictions of a search's seconds were."""

import math
import statistics

from results.zoo_searches import ZooSearch

from report import wording


def sentence(searches: list[ZooSearch]) -> str:
    found = [(abs(error), search) for search in searches
             if math.isfinite(error := search.get("prediction_error"))]  # fmt: skip
    if not found:
        return ""
    off, worst = max(found, key=lambda pair: pair[0])
    predicted = wording.seconds(worst.get("predicted_seconds"))
    took = f"{predicted} predicted, {wording.seconds(worst.seconds)} taken"
    if len(found) == 1:
        return f"The planner's prediction was off by {wording.percent(off)} ({took})."
    middle = wording.percent(statistics.median(error for error, _ in found))
    return (
        f"The planner's {len(found)} predictions were off by {middle} in the median and by "
        f"{wording.percent(off)} at most ({took}; plan {worst.plan}"
        f"{f', keeping {worst.keeping}' if worst.keeping else ''})."
    )
