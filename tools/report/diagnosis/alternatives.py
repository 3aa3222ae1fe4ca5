# SPDX-License-Identifier: Apache-2.0
"""Settings that measured rows offer for a search, what each would gain, and the best of them."""

from results import settings
from results.settings import Setting

from report.diagnosis import caveats, limits, pinning, searches, sensitivity
from report.diagnosis import changes as change
from report.diagnosis.donors import FAMILIES, Donors
from report.diagnosis.measurements import Measurement
from report.diagnosis.prediction import predict
from report.diagnosis.search import Search
from report.diagnosis.statement import WhatIf

LEAST_GAIN = 0.03
MOST = 5
_MODES = ("prefetch", "overlapped")
# A search captures no graphs, so nobody could follow such advice.
_OF_SEARCHES = ("eager", "fused")


def all_of(search: Search, donors: Donors) -> list[WhatIf]:
    """Every change that the rows offer and whose effect they show."""
    found = (evaluate(search, target, donors) for target in changes(search, donors))
    return [what_if for what_if in found if what_if]


def useful(what_ifs: list[WhatIf]) -> tuple[WhatIf, ...]:
    """Of those whose gain may be named the best of each axis, the largest gain first."""
    best: dict[str, WhatIf] = {}
    for found in what_ifs:
        worth = found.gain.named and found.speedup >= 1 + LEAST_GAIN
        if worth and (found.axis not in best or found.speedup > best[found.axis].speedup):
            best[found.axis] = found
    return tuple(sorted(best.values(), key=lambda what_if: -what_if.speedup)[:MOST])


def _cache_of(row: Measurement, key: str) -> Setting:
    """Where a tail's activations lie: it comes with the tail, not as a change of its own."""
    tail = key == "configuration" and settings.reads_activations(row.setting)
    return {"cache": row.setting["cache"]} if tail and row.step == "EndToEnd" else {}


def changes(search: Search, donors: Donors) -> list[Setting]:
    """Whole settings that differ in one axis, or in several of arithmetic."""
    found: dict[tuple, Setting] = {}

    def add(setting: Setting) -> None:
        target = settings.normal(search.setting | setting, search.measurement.gpu_decoders)
        axis = settings.difference(search.setting, target)
        tail = settings.reads_activations(target) and not settings.reads_activations(search.setting)
        if axis == {"configuration"} and not tail:
            return
        if one_axis(axis):
            found[tuple(sorted(target.items()))] = target

    families = {family for family, _ in FAMILIES.values()} | {"EndToEnd"}
    for row in donors.rows():
        if row.step not in families or "peer" in row.setting:
            continue
        if row.step in ("Inference", "EndToEnd") and row.subject != search.measurement.subject:
            continue
        if row.step == "EndToEnd" and row.device != search.measurement.device:
            continue
        keys = _keys(row, search)
        for key in keys:
            add({key: row.setting[key]} | _cache_of(row, key))
        add({key: row.setting[key] for key in keys if key in change.ARITHMETIC})
    for mode in _MODES:
        add({"mode": mode})
    return list(found.values())


def one_axis(axis: frozenset[str]) -> bool:
    known = len(axis) == 1 and axis <= set(change.AXES)
    return known or (bool(axis) and axis <= change.ARITHMETIC)


def _keys(row: Measurement, search: Search) -> list[str]:
    """Axes that a row of a step offers to the search."""
    cached = row.step == "LoadData" and settings.reads_activations(search.setting)
    if cached or row.step in ("Score", "LoadModel"):  # Another probe is another score.
        return []
    offered = change.AXES if row.step == "EndToEnd" else settings.depends(row.step)
    return [
        key
        for key in offered
        if key in change.AXES and key != "probe" and row.setting.get(key, "-") != "-"
        and (key in search.setting or key in ("workers", "threads"))
        and (key != "execution" or row.setting[key] in _OF_SEARCHES)
    ]  # fmt: skip


def evaluate(search: Search, target: Setting, donors: Donors) -> WhatIf | None:
    """Predict the search under another setting and look up whether it was measured; None where
    neither is known."""
    axis = settings.difference(search.setting, target)
    alike = (searches.of(row, donors.rows()) for row in donors.measured(target))
    there = next((other for other in alike if other and other.items == search.items), None)
    measured = there.measurement if there else None
    others = donors.without_search(measured.name) if measured else donors
    found = predict(search, target, others)
    if found is None and there is None:
        return None
    pinned = pinning.of(search, target, donors)
    seconds = there.total if there else None
    known = seconds if found is None else found.seconds
    if measured:
        gained = sensitivity.measured(search, seconds + pinned.share, measured)
    else:
        gained = sensitivity.predicted(search, target, others, found, pinned.share)
    used = [*(search.rows or (search.measurement,)), *(found.rows if found else [measured])]
    shown = [*used, *([measured] if measured else [])]
    said = caveats.of(search, target, axis, found, measured, donors.rows())
    if pinned.worth_saying:
        said.append(pinned.caveat)
    if there and there.excess:
        said.append("the measured row scored first in its process")
    step = found.limit if found else there.pipeline(target).limit(there.steps)
    return WhatIf(
        change=change.words(target, axis),
        rows=tuple(dict.fromkeys(row.name for row in used)),
        sources=tuple(dict.fromkeys(row.source for row in used)),
        predicted_seconds=known,
        predicted_items_per_second=search.items / known,
        gain=gained,
        next_limit=_next(step, target, donors),
        measured_row=measured.name if measured else None,
        measured_source=measured.source if measured else None,
        measured_seconds=seconds,
        error=found.seconds / seconds - 1 if found and seconds else None,
        caveat="; ".join(said) or None,
        axis="+".join(sorted(axis)),
        features_move=caveats.features_move(target, axis, shown),
        target=target,
    )


def _next(step: str, target: Setting, donors: Donors) -> str:
    """The step that would be the limit; for preparing data its part, where a row shows it."""
    if step != "data":
        return step
    donor = donors.standalone(step, target)
    return limits.data_limit(target, donor.row if donor else None)[0]
