# SPDX-License-Identifier: Apache-2.0
"""How good the planner's predictions of a search's seconds were."""

import math
import statistics

from results.zoo_searches import ZooSearch

from report import wording


def sentence(searches: list[ZooSearch]) -> str:
    found = [abs(error) for search in searches
             if math.isfinite(error := search.get("prediction_error"))]  # fmt: skip
    if not found:
        return ""
    off = wording.percent(max(found))
    if len(found) == 1:
        return f"The planner's prediction was off by {off}."
    middle = wording.percent(statistics.median(found))
    off = f"{middle} in the median, {off} at most"
    return f"The planner's {len(found)} predictions were off by {off}."
