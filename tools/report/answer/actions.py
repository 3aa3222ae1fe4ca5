# SPDX-License-Identifier: Apache-2.0
"""Changes of a setting for all candidates of a search: their gain together, ranked.

A change's gain is the sum of the candidates' seconds over that sum with the change; candidates
that no row shows with it keep their seconds. Errors of measured searches are independent; those of
predictions add up, because they share rows. An action changes what no better one does already."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from results import settings

from report import wording
from report.answer import commands
from report.answer.statement import Action
from report.diagnosis import pinning
from report.diagnosis.alternatives import LEAST_GAIN
from report.diagnosis.diagnosing import Case
from report.diagnosis.gain import Gain
from report.diagnosis.statement import WhatIf

MOST = 3
_NOTED = 0.005  # How far features may move without a note.
# A search as it is offers neither: another kind of search, and what the machine happens to have.
_NOT_ADVICE = frozenset({"configuration", "page_cache"})
_TITLES = {
    "decoder nvjpeg": "Decode on the GPU",
    "decoder hybrid": "Decode on CPU and GPU",
    "overlapped mode": "Run all steps at once",
    "prefetch mode": "Load ahead",
    "precision bf16": "Compute in bf16",
    "execution fused": "Fuse layers",
    "layout channels_last": "Use channels_last",
    "cached tensors": "Keep decoded items",
    "input uint8": "Copy bytes, convert on the GPU",
    "transfer pinned_async": "Copy while computing",
    "decoder turbojpeg": "Decode with turbojpeg",
    "budget halving": "Drop the weaker half in rounds",
    "plan shared": "Share segments",
    "plan decode_once": "Decode once",
}
_AXES = {
    "decoder": "another decoder", "mode": "another mode", "precision": "lower precision",
    "execution": "fused layers", "layout": "another layout", "data": "cached items",
    "workers": "other workers", "threads": "other threads", "input": "uint8 input",
    "transfer": "another way to copy", "batch": "another batch size", "storage": "smaller items",
    "plan": "another plan", "budget": "another budget",
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A change that rows offer, by the candidates that they show with it."""

    axis: str
    change: str
    by_case: dict[int, WhatIf]
    gain: Gain

    @property
    def axes(self) -> frozenset[str]:
        return frozenset(self.axis.split("+"))


def offers(cases: Sequence[Case]) -> list[Offer]:
    """Every change, with the gain of all candidates together."""
    found: dict[tuple[str, str], dict[int, WhatIf]] = {}
    for place, case in enumerate(cases):
        for what_if in case.what_ifs:
            if what_if.axis not in _NOT_ADVICE:
                found.setdefault((what_if.axis, what_if.change), {})[place] = what_if
    return [Offer(*key, own, _together(cases, own)) for key, own in found.items()]


def seconds_with(cases: Sequence[Case], own: Mapping[int, WhatIf]) -> tuple[list[float], float]:
    """Of each candidate with its change, and those of pinning the buffers, which a process does
    once for all candidates: the longest."""
    seconds = [case.search.settled for case in cases]
    once = 0.0
    for place, what_if in own.items():
        case = cases[place]
        pinned = pinning.of(case.search, what_if.target, case.donors)
        seconds[place] = seconds[place] / what_if.speedup - pinned.share
        once = max(once, pinned.extra)
    return seconds, once


def _together(cases: Sequence[Case], own: Mapping[int, WhatIf]) -> Gain:
    now = [case.search.settled for case in cases]
    after, once = seconds_with(cases, own)
    total = sum(after) + once
    parts = {True: [0.0], False: [0.0]}
    for place, what_if in own.items():
        share = after[place] / total * what_if.gain.error
        parts[what_if.measured_seconds is not None].append(share)
    error = math.hypot(*parts[True], sum(parts[False]))
    return Gain(math.log(sum(now) / total), error)


def best(found: Sequence[Offer], gains: Sequence[Gain]) -> list[Offer]:
    """Those whose chosen gain is named, the largest first, of each axis one."""
    chosen = [replace(offer, gain=gain) for offer, gain in zip(found, gains, strict=True)]
    worth = [one for one in chosen if one.gain.named and one.gain.times >= 1 + LEAST_GAIN]
    kept: list[Offer] = []
    for one in sorted(worth, key=lambda offer: -offer.gain.times):
        if not any(one.axes & other.axes for other in kept):
            kept.append(one)
    return kept[:MOST]


def action(offer: Offer, cases: Sequence[Case], data_dir: str = "") -> Action:
    own = offer.by_case
    measured = sum(what_if.measured_seconds is not None for what_if in own.values())
    how = "measured" if measured == len(own) else "partly measured" if measured else "predicted"
    row = cases[0].search.measurement
    target = next(iter(own.values())).target
    subjects = [case.search.measurement.subject for case in cases]
    return Action(
        title=title(offer.change),
        gain=offer.gain,
        how=how,
        notes=_notes(offer, cases),
        command=commands.search(
            row.context, "EndToEnd", target, subjects, row.domain, data_dir, offer.axes
        ),
        axes=offer.axes,
    )


def title(change: str) -> str:
    """`Decode on the GPU (decoder nvjpeg)`."""
    parts = change.replace(" and ", ", ").split(", ")
    if not all(part in _TITLES for part in parts):
        return f"Use {change}"
    known = [_TITLES[part] for part in parts]
    return f"{', '.join([known[0], *(text.lower() for text in known[1:])])} ({change})"


def _notes(offer: Offer, cases: Sequence[Case]) -> tuple[str, ...]:
    own = list(offer.by_case.values())
    found = []
    if len(own) < len(cases):
        found.append(f"for {len(own)} of {len(cases)} candidates")
    moved = max(what_if.features_move for what_if in own)
    if moved >= _NOTED:
        found.append(f"features move by {wording.percent(moved)}")
    if any("making the cached items" in (what_if.caveat or "") for what_if in own):
        found.append("without the time to make them")
    if any("pinning takes" in (what_if.caveat or "") for what_if in own):
        found.append("pinning memory is counted")
    return tuple(found)


def no_gain(found: Sequence[Offer], kept: Sequence[Offer]) -> list[str]:
    """Changes that rows show and that help no more than the actions: by axis, in words."""
    return declined([offer.axes for offer in found], [offer.axes for offer in kept])


def declined(offered: Sequence[frozenset[str]], kept: Sequence[frozenset[str]]) -> list[str]:
    """A sentence on the axes of `offered` that `kept` does not have, where there are some."""
    taken = {axis for axes in kept for axis in axes}
    axes = dict.fromkeys(axis for axes in offered for axis in sorted(axes))
    names = [_AXES.get(axis, axis) for axis in axes if axis not in taken]
    return [f"No gain beyond 3 % and noise: {wording.listed(names)}."] if names else []


def together(case: Case, kept: Sequence[Offer], place: int) -> settings.Setting:
    """A candidate's setting with several changes at once."""
    changed = dict(case.search.setting)
    for offer in kept:
        if place in offer.by_case:
            target = offer.by_case[place].target
            changed |= {key: target[key] for key in offer.axes if key in target}
    return settings.normal(changed, case.search.measurement.gpu_decoders)
