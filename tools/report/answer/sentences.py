# SPDX-License-Identifier: Apache-2.0
"""The answer in words; each sentence has at most 25 words, and numbers have two digits."""

import math

from report import wording
from report.answer.ranked import Ranked
from report.answer.statement import Action, Answer
from report.sources import Source

_CHANGED = {(1,): "the first change", (1, 2): "the first two changes"}


def headline(answer: Answer) -> str:
    """`20,000 images x 8 candidates: 62 s now, 19 s after the first two changes. Limit: …`"""
    now = wording.brief(answer.now.seconds(answer.items, answer.candidates))
    text = f"{scale(answer)}: {now} now"
    if answer.after:
        after = wording.brief(answer.after.seconds(answer.items, answer.candidates))
        text += f", {after} after {changed(answer)}"
    return f"{text}. {limit(answer)}"


def scale(answer: Answer) -> str:
    number = "candidate" if answer.candidates == 1 else "candidates"
    text = f"{answer.candidates:,} {number}"
    if not answer.items:
        return text
    return f"{answer.items:,} {answer.unit} \N{MULTIPLICATION SIGN} {text}"


def changed(answer: Answer) -> str:
    numbers = " and ".join(str(number) for number in answer.changed)
    return _CHANGED.get(answer.changed, f"changes {numbers}")


def limit(answer: Answer) -> str:
    share = f" ({wording.percent(answer.share)} of the time)" if math.isfinite(answer.share) else ""
    return f"Limit: {answer.limit}{share}."


def limit_explained(answer: Answer) -> str:
    """The same with what a limit is."""
    if math.isfinite(answer.share):
        share = wording.percent(answer.share)
        return f"The limit is the slowest step: {answer.limit}, {share} of the time."
    return f"The limit is the step that takes longest alone: {answer.limit}."


def gain(action: Action) -> str:
    """`1.7 to 1.9 times as fast, measured`."""
    return f"{wording.interval(action.gain.low, action.gain.high)} times as fast, {action.how}"


def action(one: Action) -> str:
    """One line: `Decode on the GPU (decoder nvjpeg): 1.7 to 1.9 times as fast, measured.`"""
    notes = "".join(f"; {note}" for note in one.notes)
    return f"{one.title}: {gain(one)}{notes}."


NONE = "No measured change makes this search faster beyond 3 % and noise."


def data(source: Source) -> str:
    """`2,048 images in folder "photographs" (f71f0e88)`."""
    said = [one.words + (f" ({one.identity})" if one.identity else "") for one in source.data]
    return "; ".join(said) or "not recorded"


def measured(source: Source, shared: str) -> str:
    """`2026-11-29, 22 h UTC, revision 24f21f1594a2`, and the libraries where files differ in
    them."""
    said = [source.date, f"revision {source.revision}" if source.revision else ""]
    said += [] if shared else [source.software]
    return ", ".join(filter(None, said)) or "not recorded"


def ranking(places: list[Ranked], most: int = 5) -> list[str]:
    found = []
    for one in places[:most]:
        between = f" ({one.between})" if one.between else ""
        found.append(f"{one.place}. {one.name}: {one.text}{between}")
    return found
