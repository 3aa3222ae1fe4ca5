# SPDX-License-Identifier: Apache-2.0
"""What a report has of each question that searches of whole zoos answer."""

from dataclasses import dataclass

from results.table import Results

from report.diagnosis import gain
from report.whole_search import faster, planner, question, tables, took
from report.whole_search.faster import Faster
from report.whole_search.question import Question


@dataclass(frozen=True)
class Found:
    """`faster` are the other rows of the question with chosen gains, `searches` a Markdown table,
    `planned` a sentence on the planner's predictions, "" where there are none."""

    title: str
    question: Question
    faster: tuple[Faster, ...]
    searches: str
    planned: str


def gather(results: Results) -> list[Found]:
    """All gains of zoos are one choice, so that noise is rarely named."""
    asked = question.of(results)
    others = [faster.candidates(one) for one in asked]
    gains = iter(gain.choose([one.gain for found in others for one in found]))
    return [
        Found(
            title=took.title(one.main),
            question=one,
            faster=tuple(faster.chosen(found, [next(gains) for _ in found])),
            searches=tables.searches(one),
            planned=planner.sentence(one.searches),
        )
        for one, found in zip(asked, others, strict=True)
    ]
