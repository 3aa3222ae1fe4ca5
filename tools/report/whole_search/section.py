# SPDX-License-Identifier: Apache-2.0
"""The report's section on searches of whole zoos: for each question its sentences and tables."""

from dataclasses import dataclass

from results.table import Results

from report import wording
from report.diagnosis import gain
from report.whole_search import factors, faster, planner, question, tables, took

WORDS = (
    'Loading and computing work at the same time in a search. "Over slowest alone" is the time of '
    "the extraction over what its slowest part takes without the others, measured next to the row: "
    '1 is the best that a search can reach. "Blocks saved" is how many times as many blocks the '
    "candidates have as were computed. Ratios have an interval where their rows are of several "
    "processes."
)


@dataclass(frozen=True)
class Found:
    """What a report says about one question; the texts are Markdown but for names, which are
    escaped where they are shown."""

    title: str
    sentences: tuple[str, ...]
    searches: str
    ranking: str


def gather(results: Results) -> list[Found]:
    """All gains of the report are one choice, so that noise is rarely named."""
    asked = question.of(results)
    advice = [faster.candidates(one) for one in asked]
    halvings = [factors.halvings(one) for one in asked]
    gains = iter(gain.choose([
        *(one.gain for found in advice for one in found),
        *(one.gain(*pair) for one, pairs in zip(asked, halvings, strict=True) for pair in pairs),
    ]))  # fmt: skip
    chosen = [faster.chosen(found, [next(gains) for _ in found]) for found in advice]
    halved = [
        [factors.halving(one, pair, next(gains)) for pair in pairs]
        for one, pairs in zip(asked, halvings, strict=True)
    ]
    return [
        Found(
            title=took.title(one.main),
            sentences=tuple(filter(None, (
                *took.sentences(one.main),
                *factors.plans(one),
                *texts,
                faster.sentence(one, found),
                planner.sentence(one.searches),
            ))),
            searches=tables.searches(one),
            ranking=tables.ranking(one),
        )
        for one, found, texts in zip(asked, chosen, halved, strict=True)
    ]  # fmt: skip


def overall(found: list[Found]) -> str:
    """One sentence for results that have no search of a single candidate."""
    number = f"{len(found)} searches" if len(found) > 1 else "one search"
    zoos = wording.listed([one.title for one in found])
    return f"These results have {number} of a whole zoo: {zoos}."
