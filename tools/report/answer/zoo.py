# SPDX-License-Identifier: Apache-2.0
"""The answer for a search of a whole zoo (Search rows), from the rows that answer its question."""

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

from results import traces
from results.reader import ResultError
from results.table import Results
from results.zoo_searches import ZooSearch

from report import steps, wording
from report.answer import actions, commands, unmeasured
from report.answer.cost import Cost, Term
from report.answer.statement import Action, Answer, Bar, Picture, Piece
from report.diagnosis import changes
from report.diagnosis.alternatives import LEAST_GAIN
from report.diagnosis.gain import LEVEL
from report.whole_search import faster, took
from report.whole_search.faster import Faster
from report.whole_search.question import PLANS, Question
from report.whole_search.section import Found

_UNITS = {"images": "images", "text": "texts"}
_COLORS = {step.counter: step.color for step in steps.STEPS}
_TITLES = {step.counter: step.title for step in steps.STEPS}
_PLANS = {"one_by_one": "One by one", "decode_once": "Decode once", "shared": "Share segments"}
_DOING = {"one_by_one": "searching one by one", "decode_once": "decoding once",
          "shared": "sharing segments"}  # fmt: skip
_NOTED = 0.005
_SMALLEST = 1 / 400  # Share of the timeline below which a gap is not drawn.


def answer(one: Found, results: Results) -> Answer:
    asked, main = one.question, one.question.main
    found = one.faster
    kept = _best(found)
    row = asked.row(main)
    after, changed = _together(found, kept)
    items, candidates = main.get("items"), main.get("candidates")
    return Answer(
        what=f"{main.zoo} on {wording.device(main.device)}",
        unit=_UNITS.get(main.domain, "items"),
        items=round(items) if items == items else 0,
        candidates=round(candidates) if candidates == candidates else len(main.ranking),
        now=_cost(main),
        after=_cost(after) if after else None,
        changed=changed,
        after_how="measured" if kept else "",
        limit=took.doing(_limit(main)) or "not known",
        share=math.nan,
        picture=_timeline(main, results) or _plans(asked),
        actions=tuple(_action(change, asked, results.data_dir) for change in kept),
        declined=tuple(_declined(asked, found, kept)),
        setting=f"plan {main.plan}, budget {main.budget}",
        rows=(main.name,),
        command=commands.search(
            row.context, "Search", main.setting, [], main.domain, results.data_dir
        ),
        remarks=tuple(filter(None, (took.kept(main), took.failed(main)))),
    )


def _best(found: Sequence[Faster]) -> list[Faster]:
    """The best row of each change of one setting, or of several of arithmetic."""
    named = [one for one in found if one.gain.named and one.gain.times >= 1 + LEAST_GAIN]
    kept: list[Faster] = []
    for one in sorted(named, key=lambda one: one.row.seconds):
        single = len(one.axis) == 1 or one.axis <= changes.ARITHMETIC
        if single and not any(one.axis & other.axis for other in kept):
            kept.append(one)
    return kept[: actions.MOST]


def _together(
    found: Sequence[Faster], kept: Sequence[Faster]
) -> tuple[ZooSearch | None, tuple[int, ...]]:
    """The fastest row with the first two changes, else with the first alone; and their numbers."""
    for count in (2, 1):
        axis = frozenset().union(*(one.axis for one in kept[:count]))
        values = [(key, one.row.setting.get(key)) for one in kept[:count] for key in one.axis]
        both = [one.row for one in found if one.axis == axis
                and all(one.row.setting.get(key) == value for key, value in values)]  # fmt: skip
        if len(kept) >= count and both:
            return min(both, key=lambda row: row.seconds), tuple(range(1, count + 1))
    return None, ()


def _action(one: Faster, asked: Question, data_dir: str) -> Action:
    main, row = asked.main, asked.row(one.row)
    notes = []
    moved = one.row.get("feature_distance")
    if one.axis & faster.FEATURES and moved >= _NOTED:
        notes.append(f"features move by {wording.percent(moved)}")
    regret = one.row.get("regret")
    if "budget" in one.axis and math.isfinite(regret):
        lost = f"{wording.significant(regret, 2)} less" if regret > 0 else "as much"
        notes.append(f"its choice scores {lost}")
    best = {place.candidate for place in main.ranking if place.place == 1}
    if best and one.row.ranking and one.row.ranking[0].candidate not in best:
        notes.append(f"another first place: {one.row.ranking[0].candidate}")
    return Action(
        title=actions.title(faster.words(one.row, one.axis)),
        gain=one.gain,
        how="measured",
        notes=tuple(notes),
        command=commands.search(
            row.context, "Search", one.row.setting, [], one.row.domain, data_dir, one.axis
        ),
        axes=one.axis,
    )


def _declined(asked: Question, found: Sequence[Faster], kept: Sequence[Faster]) -> list[str]:
    said = []
    if asked.main.get("blocks_saved") <= 1 + 1e-9:
        said.append("Sharing segments: no two of these candidates have blocks in common.")
    used = _used(asked)
    said += used
    # The plan that is used already is left out of the changes that gain nothing.
    taken = [one.axis for one in kept] + ([frozenset({"plan"})] if used else [])
    said += actions.declined([one.axis for one in found], taken)
    main = asked.main
    said += unmeasured.sentences(
        _limit(main), main.device != "cpu", main.setting,
        [one.axis for one in found],
    )  # fmt: skip
    if not found:
        said.append("No row has another setting of this search, so nothing can be advised.")
    return said


def _limit(main: ZooSearch) -> str:
    """The part that takes longest alone: its counter, "" where it is not known."""
    return next(iter(main.parts), main.limit)


def _used(asked: Question) -> list[str]:
    """What the search's plan gains already over the least one that was measured."""
    slow = next(iter(_by_plan(asked)), asked.main)
    gain = asked.gain(slow, asked.main).at(LEVEL)
    if slow is asked.main or not gain.named:
        return []
    return [
        f"Already used: {_DOING[asked.main.plan]}, {wording.interval(gain.low, gain.high)} times "
        f"as fast as {_DOING[slow.plan]}."
    ]


def _cost(search: ZooSearch) -> Cost:
    """The extraction follows its slowest part; each candidate's scores follow. Decoding once does
    not depend on the candidates; every other part does."""
    items, candidates = search.get("items"), search.get("candidates")
    extract = search.get("extract_seconds")
    parts = {part: seconds for part, seconds in search.parts.items() if part != "score"}
    slowest = max(parts.values(), default=0.0)
    each = items * candidates
    if not (each > 0 and extract > 0 and slowest > 0):
        return Cost((Term(search.seconds),))  # How it grows is not known.
    decodes_once = search.plan != "one_by_one"
    together = []
    for part, seconds in parts.items():
        per_item = part != "load_model"
        per_candidate = part != "load_data" or not decodes_once
        scale = (items if per_item else 1.0) * (candidates if per_candidate else 1.0)
        together.append(Term(seconds / scale, per_item, per_candidate))
    score = search.get("score") if search.get("score") > 0 else 0.0
    rest = max(0.0, search.seconds - extract - score)
    return Cost((Term(rest), Term(score / each, True, True)), tuple(together), extract / slowest)


def _plans(asked: Question) -> Picture:
    """A bar for the main search of each plan and budget: its extraction in the color of the part
    that limits it, its scores, and the rest."""
    best: dict[tuple[str, str], ZooSearch] = {}
    for search in sorted(asked.searches, key=lambda search: search.seconds):
        best.setdefault((search.plan, search.budget), search)
    best[asked.main.plan, asked.main.budget] = asked.main
    shown = sorted(best.values(), key=lambda s: (_order(s.plan), s.budget != "all"))
    bars = tuple(_bar(search) for search in shown)
    return Picture("Seconds of each way to search", bars, max(bar.seconds for bar in bars))


def _order(plan: str) -> int:
    return PLANS.index(plan) if plan in PLANS else len(PLANS)


def _bar(search: ZooSearch) -> Bar:
    label = _PLANS.get(search.plan, search.plan or search.zoo)
    label += "" if search.budget in ("", "all") else f", {search.budget}"
    extract, score = search.get("extract_seconds"), search.get("score")
    part = next((part for part in search.parts if part != "score"), "inference")
    pieces = []
    if extract > 0:
        title = f"Extraction, limit: {_TITLES.get(part, part).lower()}"
        pieces.append(Piece(title, _COLORS.get(part, "#999999"), extract))
    if score > 0:
        pieces.append(Piece(_TITLES["score"], _COLORS["score"], score))
    rest = search.seconds - sum(piece.seconds for piece in pieces)
    if rest > 0.005 * search.seconds:
        pieces.append(Piece(_TITLES["other"], _COLORS["other"], rest))
    return Bar(label, tuple(pieces), search.seconds)


def _timeline(main: ZooSearch, results: Results) -> Picture | None:
    """A band for each part of the main search, where its trace was kept."""
    same = results.rows[(results.rows["name"] == main.name)
                        & (results.rows["source"] == main.source)]  # fmt: skip
    path = same.iloc[0]["trace"] if len(same) else None
    if path is None:
        return None
    try:
        trace = traces.read(Path(path))
    except ResultError:
        return None  # The figures of the trace say what is wrong with it.
    end = max([trace.seconds, *(event.start + event.seconds for event in trace.events)])
    bars = []
    for counter in ("load_model", "load_data", "inference", "score"):
        own = sorted((e for e in trace.events if e.kind == counter), key=lambda e: e.start)
        spans: list[list[float]] = []
        for event in own:
            until = event.start + event.seconds
            if spans and event.start - spans[-1][1] < _SMALLEST * end:
                spans[-1][1] = max(spans[-1][1], until)
            else:
                spans.append([event.start, until])
        if spans:
            pieces = tuple(Piece(_TITLES[counter], _COLORS[counter], until - start, start)
                           for start, until in spans)  # fmt: skip
            bars.append(Bar(_TITLES[counter], pieces, sum(piece.seconds for piece in pieces)))
    if not bars:
        return None
    title = f"What ran when, over {wording.brief(end)}"
    return Picture(title, tuple(bars), end)


def _by_plan(asked: Question) -> list[ZooSearch]:
    """The rows that differ from the main one in their plans alone, the least plan first."""
    by_plan: dict[str, ZooSearch] = {}
    main = asked.main
    for search in asked.searches:
        differs = faster.axis(main, search) - {"plan"}
        if not differs and search.source == main.source and search.plan in PLANS:
            by_plan[search.plan] = search
    return sorted(by_plan.values(), key=lambda search: _order(search.plan))


def saved(asked: Question) -> list[str]:
    """What decoding once and sharing gained, a sentence for each pair of plans."""
    said = []
    for slow, fast in itertools.pairwise(_by_plan(asked)):
        gain = asked.gain(slow, fast).at(LEVEL)
        said.append(
            f"{_DOING[fast.plan].capitalize()} is {wording.interval(gain.low, gain.high)} times "
            f"as fast as {_DOING[slow.plan]}, measured."
        )
    return said
