# SPDX-License-Identifier: Apache-2.0
"""Settings that measured rows offer for a search, what each would gain, and the best of them."""

from results import settings
from results.settings import Setting

from report.diagnosis import caveats, limits, searches
from report.diagnosis import changes as change
from report.diagnosis.donors import FAMILIES, Donors
from report.diagnosis.measurements import Measurement
from report.diagnosis.prediction import predict
from report.diagnosis.search import Search
from report.diagnosis.statement import WhatIf

LEAST_GAIN = 0.03
MOST = 5
_MODES = ("prefetch", "overlapped")


def useful(search: Search, rows: list[Measurement]) -> tuple[WhatIf, ...]:
    """The best change of each axis that gains at least LEAST_GAIN, the largest gain first."""
    best: dict[frozenset[str], WhatIf] = {}
    for axis, target in changes(search, rows):
        found = evaluate(search, target, rows)
        if found is None or found.speedup < 1 + LEAST_GAIN:
            continue
        if found.measured_row is None and _fewer(search.setting, target):
            continue
        if axis not in best or found.speedup > best[axis].speedup:
            best[axis] = found
    return tuple(sorted(best.values(), key=lambda what_if: -what_if.speedup)[:MOST])


def _cache_of(row: Measurement, key: str) -> Setting:
    """Where a tail's activations lie: it comes with the tail, and is no change of its own."""
    tail = key == "configuration" and settings.reads_activations(row.setting)
    return {"cache": row.setting["cache"]} if tail and row.step == "EndToEnd" else {}


def changes(search: Search, rows: list[Measurement]) -> list[tuple[frozenset[str], Setting]]:
    """Pairs of the keys changed and the whole setting: one axis, or several of arithmetic."""
    found: dict[tuple, tuple[frozenset[str], Setting]] = {}

    def add(setting: Setting) -> None:
        target = settings.normal(search.setting | setting, search.measurement.gpu_decoders)
        axis = settings.difference(search.setting, target)
        tail = settings.reads_activations(target) and not settings.reads_activations(search.setting)
        if axis == {"configuration"} and not tail:
            return
        if one_axis(axis):
            found[tuple(sorted(target.items()))] = (axis, target)

    families = {family for family, _ in FAMILIES.values()} | {"EndToEnd"}
    for row in Donors(rows, search.measurement).rows():
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


def _fewer(before: Setting, after: Setting) -> bool:
    """Fewer workers or threads: a gain that only noise between rows may show, unless measured."""
    return any(
        int(after[key]) < int(before[key])
        for key in ("workers", "threads")
        if key in before and key in after
    )


def one_axis(axis: frozenset[str]) -> bool:
    known = len(axis) == 1 and axis <= set(change.AXES)
    return known or (bool(axis) and axis <= change.ARITHMETIC)


def _keys(row: Measurement, search: Search) -> list[str]:
    """Axes that a row of a step offers to the search."""
    if row.step == "EndToEnd":
        offered: tuple[str, ...] = change.AXES
    elif row.step == "LoadData" and settings.reads_activations(search.setting):
        offered = ()
    elif row.step == "Score":
        offered = ()  # Another probe is another score.
    elif row.step == "LoadModel":
        offered = ()
    else:
        offered = settings.depends(row.step)
    return [
        key
        for key in offered
        if key in change.AXES and key != "probe" and row.setting.get(key, "-") != "-"
        and (key in search.setting or key in ("workers", "threads"))
    ]  # fmt: skip


def evaluate(search: Search, target: Setting, rows: list[Measurement]) -> WhatIf | None:
    """Predict the search under another setting and look up whether it was measured; None where
    neither is known."""
    axis = settings.difference(search.setting, target)
    alike = [other for row in Donors(rows, search.measurement).measured(target)
             if (other := searches.of(row, rows)) and other.items == search.items]  # fmt: skip
    there = alike[0] if alike else None
    measured = there.measurement if there else None
    found = predict(search, target, Donors(rows, search.measurement, _name(measured)))
    if found is None and there is None:
        return None
    seconds = there.total if there else None
    known = seconds if found is None else found.seconds
    used = [*(search.rows or (search.measurement,)), *(found.rows if found else [measured])]
    shown = [*used, *([measured] if measured else [])]
    said = caveats.of(search, target, axis, found, measured, rows)
    if there and there.excess:
        said.append("the measured row scored first in its process")
    step = found.limit if found else there.pipeline(target).limit(there.steps)
    return WhatIf(
        change=change.words(target, axis),
        rows=tuple(dict.fromkeys(row.name for row in used)),
        sources=tuple(dict.fromkeys(row.source for row in used)),
        predicted_seconds=known,
        predicted_items_per_second=search.items / known,
        speedup=search.settled / (seconds or known),
        next_limit=_next(step, target, Donors(rows, search.measurement)),
        measured_row=_name(measured),
        measured_source=measured.source if measured else None,
        measured_seconds=seconds,
        error=found.seconds / seconds - 1 if found and seconds else None,
        caveat="; ".join(said) or None,
        axis="+".join(sorted(axis)),
        features_move=caveats.features_move(target, axis, shown),
    )


def _next(step: str, target: Setting, donors: Donors) -> str:
    """The step that would be the limit; for preparing data its part, where a row shows it."""
    if step != "data":
        return step
    donor = donors.standalone(step, target)
    return limits.data_limit(target, donor.row if donor else None)[0]


def _name(row: Measurement | None) -> str | None:
    return row.name if row else None
