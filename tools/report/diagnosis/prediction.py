# SPDX-License-Identifier: Apache-2.0
"""How long a search would take under another setting.

Each step that the change touches gets its seconds from donors (see `donors`): the search's own
seconds times the ratio of two rows of the step, one with the new and one with the old setting,
which cancels what both have in common (the data, the card, a constant bias); else the items times
a row's seconds per item. In a pipeline the measured extraction is scaled by the ratio of the two
times that `pipeline` gives; after a change of mode that time itself is the prediction, from the
search's own steps, so that it gains at most their sum over the largest of them. A step
without donors keeps its seconds where they are at most a twentieth of the search, unless it reads
activations from another cache; else there is not a prediction.
"""

import math
from dataclasses import dataclass, field

from results import settings
from results.settings import Setting

from report.diagnosis.donors import FAMILIES, Donor, Donors
from report.diagnosis.measurements import Measurement
from report.diagnosis.pipeline import Steps
from report.diagnosis.search import Search
from report.diagnosis.statement import LIMITS

_NEGLIGIBLE = 0.05  # Share of a search up to which a step may be kept as it was.
_UNSAID = 0.02  # Up to which a kept step is not worth a caveat.
WAITED = 0.1  # Share of an extraction spent waiting from which on the loader set its pace.


@dataclass
class Prediction:
    """`seconds` of the whole, its `limit`, the rows it rests on and steps that were kept."""

    seconds: float = 0.0
    limit: str = "other"
    rows: list[Measurement] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def predict(search: Search, target: Setting, donors: Donors) -> Prediction | None:
    """None where the rows do not show a step's time."""
    result = Prediction()
    mode = target.get("mode", "serial")
    base = _alone(search, donors, result)
    if base is None:
        return None
    steps = _changed(search, base, target, donors, result)
    if steps is None:
        return None
    before, after = search.pipeline(search.setting), search.pipeline(target)
    extract = after.extract_seconds(steps)
    if mode == search.mode != "serial":
        extract *= search.extract / before.extract_seconds(base)
    result.seconds = extract + steps.fixed
    result.limit = after.limit(steps)
    result.rows = list({row.identity: row for row in result.rows}.values())
    return result


def _alone(search: Search, donors: Donors, result: Prediction) -> Steps | None:
    """The search's own steps, which cap what overlapping can give; a prefetching search does not
    show how long loading takes."""
    steps = search.steps
    if math.isfinite(steps.data):
        return steps
    donor = donors.standalone("data", search.setting) or donors.in_searches("data", search.setting)
    if donor:
        result.rows.append(donor.row)
        return steps.with_step("data", donor.seconds * search.items)
    waited = search.measurement.get("load_data") or 0.0
    if waited > WAITED * search.extract:
        return steps.with_step("data", search.extract)
    return None


def _changed(
    search: Search, base: Steps, target: Setting, donors: Donors, result: Prediction
) -> Steps | None:
    steps = base
    for step, (family, _) in FAMILIES.items():
        one, other = (settings.projection(family, s) for s in (search.setting, target))
        if step == "transfer" and not _copies(search, target):
            steps = steps.with_step(step, 0.0)
        elif one != other or (step == "transfer" and not _copies(search, search.setting)):
            seconds = _step(search, step, getattr(base, step), target, donors, result)
            if seconds is None:
                return None
            steps = steps.with_step(step, seconds)
    batches = math.ceil(search.items / int(target.get("batch") or search.measurement.batch or 1))
    return Steps(**(vars(steps) | {"batches": batches}))


def _copies(search: Search, setting: Setting) -> bool:
    return search.measurement.device != "cpu" and not search.pipeline(setting).decodes_on_device


def _step(
    search: Search, step: str, own: float, target: Setting, donors: Donors, result: Prediction
) -> float | None:
    count = 1.0 if step in ("load_model", "score") else search.items
    if after := donors.of_step(step, target):
        before = donors.of_step(step, search.setting)
        pair = next(((a, b) for a in after for b in before if a.row.source == b.row.source), None)
        if pair and own > 0:
            result.rows += [pair[0].row, pair[1].row]
            return own * pair[0].seconds / pair[1].seconds
        result.rows.append(after[0].row)
        return count * after[0].seconds
    if found := donors.in_searches(step, target) or _other_batch(step, target, donors):
        result.rows.append(found.row)
        return count * found.seconds
    if own <= _NEGLIGIBLE * search.settled and not _moves_activations(step, search, target):
        result.kept += [LIMITS[step]] if own > _UNSAID * search.settled else []
        return own
    return None


def _moves_activations(step: str, search: Search, target: Setting) -> bool:
    """Whether a tail gets its activations from another cache: what reading them takes from there,
    a step that was negligible does not show (none from a GPU's memory, most of a search from disk).
    """
    moves = search.setting.get("cache") != target.get("cache")
    return moves and settings.reads_activations(target) and step in ("data", "transfer")


def _other_batch(step: str, target: Setting, donors: Donors) -> Donor | None:
    """What a tail's reading took in searches with other batch sizes, which it depends on less
    than anything else does."""
    if step != "data" or not settings.reads_activations(target):
        return None
    sizes = {row.setting["batch"] for row in donors.rows() if row.step == "EndToEnd"}
    found = [donors.in_searches(step, target | {"batch": size}) for size in sorted(sizes, key=int)]
    return next((donor for donor in found if donor), None)
