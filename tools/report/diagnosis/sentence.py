# SPDX-License-Identifier: Apache-2.0
"""The sentence of a diagnosis: who, which step takes how much and why, what would help."""

from results import settings

from report import wording
from report.diagnosis import changes, limits, pinning, reasons
from report.diagnosis.contradictions import Contradiction
from report.diagnosis.donors import Donors
from report.diagnosis.gain import Gain
from report.diagnosis.limits import Limit
from report.diagnosis.measurements import Measurement
from report.diagnosis.search import Search
from report.diagnosis.statement import LIMITS, WhatIf, words

_WORTH_SAYING = 1.1  # How much faster than the best what-if the fastest row is to be named.
_NOTED = 0.005  # How far features may move without the sentence saying so.
_ANOTHER_SEARCH = "configuration"  # A tail alone; tables have it.
_NO_CHOICE = "page_cache"  # Advised last.


def write(
    search: Search,
    limit: Limit,
    what_ifs: tuple[WhatIf, ...],
    fastest: tuple[Measurement, Gain] | None,
    donors: Donors,
    contradictions: list[Contradiction],
) -> tuple[str, list[Measurement]]:
    """The sentence, and the rows that it quotes except those of its what-if."""
    reason, rows = reasons.of(search, limit, donors)
    parts = [f"{who(search)}: {_takes(search, limit)}", reason, _help(search, limit, what_ifs)]
    said = ["; ".join(part for part in parts if part) + "."]
    best = max((what_if.speedup for what_if in what_ifs), default=1.0)
    if fastest and fastest[1].times >= _WORTH_SAYING * best:
        row, gain = fastest
        changed = settings.difference(search.setting, row.setting)
        took = wording.brief(row.values["end_to_end"])
        pinned = pinning.of(search, row.setting, donors)
        if pinned.worth_saying:
            took += f" and {wording.brief(pinned.share)} more of pinning"
        said.append(
            f"The fastest measured, {changes.words(row.setting, changed)}, takes {took} "
            f"({_times(gain)}{_moved(row)})."
        )
        rows = [*rows, row]
    for one in contradictions:
        said.append(f"{one.text}.")
        rows = [*rows, *one.rows]
    return " ".join(said), rows


def who(search: Search) -> str:
    row, setting = search.measurement, search.setting
    name = wording.candidate(
        {"source": row.source, "subject": row.subject}, {row.source: row.context}
    )
    words = [f"{name} on {wording.device(row.device)}"]
    if setting["configuration"] != "full":
        words[0] += f", {setting['configuration']}"
        words += ["after its cached trunk"] if settings.reads_activations(setting) else []
    words += ["steps measured separately" if search.composed else f"{search.mode} mode"]
    words += [f"batch {row.batch}"] if row.batch else []
    words += [changes.words(setting, frozenset({key})) for key in settings.off_default(setting)]
    return ", ".join(words)


def _takes(search: Search, limit: Limit) -> str:
    whole = search.extract if _of_extraction(search, limit) else search.total
    total = wording.brief(whole)
    share = wording.percent(limit.share)
    if limit.waiting:
        text = f"waiting for data takes {share} of {total}"
    elif _of_extraction(search, limit):
        step = _doing(search, limit.step)
        text = f"with all steps at once, {step} takes {share} of {total} when alone"
    else:
        text = f"{_doing(search, limit.step)} takes {share} of {total}{_first(search)}"
    second = _second(search, limit)
    return f"{text}{second}"


def _of_extraction(search: Search, limit: Limit) -> bool:
    return search.mode == "overlapped" and limit.step in ("data", "transfer", "inference")


def _doing(search: Search, step: str) -> str:
    """`preparing data`, of a tail `reading cached activations`."""
    if step != "data":
        return LIMITS[step]
    found, _ = limits.data_limit(search.setting, None)
    return LIMITS[found]


def _first(search: Search) -> str:
    if search.excess <= 0:
        return ""
    return f" ({wording.brief(search.excess)} of it only because it scores first in its process)"


def _second(search: Search, limit: Limit) -> str:
    if _of_extraction(search, limit):
        return ""
    seconds = limits.seconds_of_steps(search)
    rest = {step: value for step, value in seconds.items() if step not in (limit.step, "other")}
    step = max(rest, key=lambda name: rest[name])
    share = rest[step] / search.total
    waiting = step == "data" and search.mode == "prefetch"
    doing = "waiting for data" if waiting else _doing(search, step)
    return f", {doing} {wording.percent(share)}" if share >= 0.005 else ""


def _help(search: Search, limit: Limit, what_ifs: tuple[WhatIf, ...]) -> str:
    own = [what_if for what_if in what_ifs if what_if.axis != _ANOTHER_SEARCH]
    order = sorted(own, key=lambda what_if: what_if.axis == _NO_CHOICE)
    if not order:
        return "no other setting that was measured gains more than 3 % beyond the uncertainty"
    best = order[0]
    still = "still " if best.next_limit in (limit.step, limit.limit) else ""
    change = f"{'in' if best.axis == 'mode' else 'with'} {best.change}"
    it = "the rest" if search.excess > 0 else "it"
    if best.measured_seconds is not None:
        said = f"{change} {it} is {_times(best.gain)} (measured"
        said += f", {wording.brief(best.predicted_seconds)} predicted)" if best.error else ")"
    else:
        said = f"{change} {it} would be {_times(best.gain)}"
    if best.axis == _NO_CHOICE and best.caveat:
        said += f"; {best.caveat.removeprefix('measured, not predicted; ')}"
    elif best.features_move >= _NOTED:
        said += f", features moving by up to {wording.percent(best.features_move)}"
    return f"{said}, then the limit is {still}{words(best.next_limit)}"


def _moved(row: Measurement) -> str:
    distance = row.get("feature_distance") or 0.0
    return f", features moving by {wording.percent(distance)}" if distance >= _NOTED else ""


def _times(gain: Gain) -> str:
    """`1.7 to 2.0 times as fast`."""
    return f"{wording.interval(gain.low, gain.high)} times as fast"
