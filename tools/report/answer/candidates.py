# SPDX-License-Identifier: Apache-2.0
"""The answer for candidates that are searched one after the other (EndToEnd rows).

The search is that of each candidate's full network on one machine and device; seconds are those
of a later candidate of a process, so what only its first scoring costs is left out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from results import configurations, machine
from results.table import Results

from report import steps, trunks, wording
from report.answer import actions, commands, cost, unmeasured
from report.answer.actions import Offer
from report.answer.statement import Action, Answer, Bar, Picture, Piece
from report.diagnosis import alternatives, changes, limits, statement
from report.diagnosis.diagnosing import Case
from report.diagnosis.gain import Gain
from report.diagnosis.statement import LIMITS

_UNITS = {"images": "images", "text": "texts"}
_STEPS = {"data": "load_data", "transfer": "data_to_device"}
_BARS = 8
_SEEN = 1e-4  # Share of a bar from which on a step is drawn.


@dataclass(frozen=True)
class SearchSeconds:
    """Seconds of each candidate, and those that all of them take `once`; `how` they are known."""

    seconds: Sequence[float]
    once: float = 0.0
    how: str = ""

    @property
    def total(self) -> float:
        return sum(self.seconds) + self.once


def chosen(cases: Sequence[Case]) -> list[Case]:
    """The searches that the page is about: full networks on one machine (the first), one device
    (a GPU before the CPU) and one kind of input, each candidate once."""
    full = [case for case in cases if case.search.setting.get("configuration") == "full"]
    if not full:
        return []

    def kind(case: Case) -> tuple:
        row = case.search.measurement
        return machine.same_kind(row.context, row.source), row.device, row.domain

    def order(case: Case) -> tuple:
        row = case.search.measurement
        return case.search.composed, row.device == "cpu", row.domain != "images"

    first = min(full, key=order)
    found: dict[str, Case] = {}
    for case in full:
        same = kind(case) == kind(first) and case.search.composed == first.search.composed
        if same and case.search.items == first.search.items:
            found.setdefault(case.search.measurement.subject, case)
    return list(found.values())


def answer(
    own: list[Case], offered: list[Offer], gains: Sequence[Gain], results: Results
) -> Answer:
    """`gains` are the chosen ones of `offered`."""
    first = own[0].search
    row = first.measurement
    kept = actions.best(offered, gains)
    trunk, declined = _trunk(own, results)
    shown = kept[: actions.MOST - 1] if trunk else kept
    found = [actions.action(offer, own, results.data_dir) for offer in shown]
    fixed = [case.search.steps.load_model + case.search.steps.other for case in own]
    now = SearchSeconds([case.search.settled for case in own])
    after, changed = _best_after(own, shown)
    if len(changed) > 1:
        found = _with_both(found, changed, own, shown, results.data_dir)
    if trunk:
        found.append(trunk)
    step, limit, share = _limit(own)
    count, items = len(own), first.items
    unit = _UNITS.get(row.domain, "items")
    words = [changes.words(first.setting, frozenset({"mode"})), f"batch {row.batch}"]
    return Answer(
        what=wording.device(row.device),
        unit=unit,
        items=round(items),
        candidates=count,
        now=_cost(fixed, now, items),
        after=_cost(fixed, after, items) if after else None,
        changed=changed,
        after_how=after.how if after else "",
        limit=limit,
        share=share,
        picture=_picture(own),
        actions=tuple(found),
        declined=(
            *declined,
            *actions.no_gain(offered, kept),
            *unmeasured.sentences(
                _STEPS.get(step, step), row.device != "cpu", first.setting,
                [one.axes for one in offered],
            ),
        ),
        setting=", ".join(words) if not first.composed else "steps measured separately",
        rows=tuple(case.search.measurement.name for case in own),
        command=commands.search(
            row.context, "EndToEnd", first.setting, [c.search.measurement.subject for c in own],
            row.domain, results.data_dir,
        ),
        remarks=_remarks(own),
    )  # fmt: skip


def _cost(fixed: Sequence[float], found: SearchSeconds, items: float) -> cost.Cost:
    """Of the mean candidate."""
    known = [min(one, whole) for one, whole in zip(fixed, found.seconds, strict=True)]
    rest = sum(whole - one for one, whole in zip(known, found.seconds, strict=True))
    count = len(known)
    return cost.one_by_one(sum(known) / count, rest / items / count, found.once)


def _best_after(
    own: Sequence[Case], kept: Sequence[Offer]
) -> tuple[SearchSeconds | None, tuple[int, ...]]:
    """With the first action and the next that adds to it, else with the first alone; and the
    numbers of these actions."""
    best = _after(own, kept[:1])
    for number, other in enumerate(kept[1:], 2):
        both = _after(own, [kept[0], other])
        if both and (best is None or both.total * (1 + alternatives.LEAST_GAIN) <= best.total):
            return both, (1, number)
    return best, (1,) if best else ()


def _after(own: Sequence[Case], kept: Sequence[Offer]) -> SearchSeconds | None:
    """With the changes together. None where a candidate's rows do not show it."""
    if not kept:
        return None
    chosen = {}
    for place, case in enumerate(own):
        known = [offer.by_case[place] for offer in kept if place in offer.by_case]
        if not known:
            continue
        target = actions.together(case, kept, place)
        what_if = next((one for one in known if one.target == target), None)
        what_if = what_if or alternatives.evaluate(case.search, target, case.donors)
        if what_if is None:
            return None
        chosen[place] = what_if
    measured = sum(what_if.measured_seconds is not None for what_if in chosen.values())
    how = "measured" if measured == len(own) else "predicted"
    return SearchSeconds(*actions.seconds_with(own, chosen), how)


def _with_both(
    found: Sequence[Action], changed: tuple[int, ...], own: Sequence[Case], kept: Sequence[Offer],
    data_dir: str,
) -> list[Action]:  # fmt: skip
    """The last of the changes has the command of all of them, which the headline's time is of."""
    search = own[0].search
    place = changed[-1] - 1
    offers = [kept[number - 1] for number in changed]
    command = commands.search(
        search.measurement.context, "EndToEnd", actions.together(own[0], offers, 0),
        [case.search.measurement.subject for case in own], search.measurement.domain,
        data_dir, frozenset().union(*(offer.axes for offer in offers)),
    )  # fmt: skip
    said = f"this command also has change {changed[0]}"
    last = replace(found[place], command=command, notes=(*found[place].notes, said))
    return [*found[:place], last, *found[place + 1 :]]


def _limit(own: Sequence[Case]) -> tuple[str, str, float]:
    """The step with most of all candidates' time, its words and its share; of preparing data its
    part. Where all steps run at once it is the most frequent limit."""
    found = [limits.of(case.search, case.donors) for case in own]
    if any(case.search.mode == "overlapped" for case in own):
        names = [one.limit for one in found]
        most = found[names.index(max(names, key=names.count))]
        return most.step, statement.words(most.limit), math.nan
    total: dict[str, float] = {}
    for case in own:
        for step, seconds in limits.seconds_of_steps(case.search).items():
            total[step] = total.get(step, 0.0) + seconds
    step = max(total, key=lambda name: total[name])
    parts = [one.limit for one in found if one.step == step]
    name = max(parts, key=parts.count) if parts else step
    waiting = step == "data" and own[0].search.mode == "prefetch"
    share = total[step] / sum(case.search.settled for case in own)
    words = f"waiting for data ({LIMITS[name]})" if waiting else statement.words(name)
    return step, words, share


def _picture(own: Sequence[Case]) -> Picture:
    names = {step.counter: step for step in steps.STEPS}
    bars = []
    for case in own:
        search = case.search
        seconds = limits.seconds_of_steps(search)
        if search.mode == "overlapped":
            step = max(("data", "transfer", "inference"), key=lambda name: seconds[name])
            seconds = {"load_model": seconds["load_model"], step: search.extract,
                       "score": seconds["score"], "other": seconds["other"]}  # fmt: skip
        pieces = []
        for key, value in seconds.items():
            step = names[_STEPS.get(key, key)]
            if value > _SEEN * search.settled:
                pieces.append(Piece(steps.title(step, search.mode), step.color, value))
        pieces.sort(key=lambda piece: [s.color for s in steps.STEPS].index(piece.color))
        label = wording.network(search.measurement.subject)
        bars.append(Bar(label, tuple(pieces), search.settled))
    bars.sort(key=lambda bar: -bar.seconds)
    what = "Seconds of each candidate's search"
    if len(bars) > _BARS:
        what = f"{what}, the {_BARS} slowest of {len(bars)}"
    return Picture(what, tuple(bars[:_BARS]), max(bar.seconds for bar in bars))


def _trunk(own: Sequence[Case], results: Results) -> tuple[Action | None, list[str]]:
    """A cached trunk as an action where candidates share one, else why it does not apply."""
    subjects = {case.search.measurement.subject for case in own}
    shared = [
        (configuration, names)
        for source in dict.fromkeys(case.search.measurement.source for case in own)
        for configuration, names in trunks.groups(results.contexts[source])
        if len(subjects & set(names)) > 1
    ]
    if not shared:
        return None, ["A cached trunk: no two of these candidates share one."]
    best: tuple[Case, object] | None = None
    for case in own:
        for what_if in case.what_ifs:
            tail = what_if.target.get("configuration", "")
            in_group = any(tail == name and case.search.measurement.subject in names
                           for name, names in shared)  # fmt: skip
            if in_group and configurations.is_tail(tail) and (
                best is None or what_if.speedup > best[1].speedup
            ):  # fmt: skip
                best = case, what_if
    if best is None:
        return None, ["A cached trunk: candidates share one, but no tail was measured."]
    case, what_if = best
    row = results.rows[results.rows["name"] == what_if.measured_row]
    after = row.iloc[0].get("cache_pays_after", math.nan) if len(row) else math.nan
    pays = math.ceil(after) if math.isfinite(after) else None
    known = what_if.gain.at(0.05)
    measurement = case.search.measurement
    return Action(
        title=f"Cache the trunk before {what_if.target['configuration']}",
        gain=known,
        how="measured" if what_if.measured_seconds is not None else "predicted",
        notes=tuple(filter(None, (
            f"for {wording.network(measurement.subject)}",
            f"pays after {pays} {'search' if pays == 1 else 'searches'}" if pays else "",
        ))),
        command=commands.search(measurement.context, "EndToEnd", what_if.target,
                                sorted(subjects), measurement.domain, results.data_dir,
                                ["configuration"]),
        axes=frozenset({"configuration"}),
        pays_after=pays,
    ), []  # fmt: skip


def _remarks(own: Sequence[Case]) -> tuple[str, ...]:
    excess = sum(case.search.excess for case in own)
    if excess <= 0:
        return ()
    return (f"Left out: {wording.brief(excess)} that only a process's first scoring takes.",)
