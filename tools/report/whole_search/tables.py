# SPDX-License-Identifier: Apache-2.0
"""The tables of a question's searches and of their rankings, as Markdown."""

import math

from results.markdown import cell, table
from results.zoo_searches import Place, ZooSearch

from report import wording
from report.whole_search import question, took
from report.whole_search.question import Question

_SHOWN = 20  # Places of a ranking.


def searches(asked: Question) -> str:
    """A row per search, the plan that shares least first."""
    rows = sorted(asked.searches, key=lambda s: (_settings(s, asked), question.plan_order(s)))
    several = len({_settings(row, asked) for row in rows}) > 1
    numbers = ["Whole search", "A candidate", "Extraction", "Score", "Over slowest alone",
               "Blocks saved", "Predicted", "Peak device memory"]  # fmt: skip
    headers = ["Plan", "Budget", *(["Settings"] if several else []), "Limit", *numbers]
    lines = []
    for row in rows:
        limit = took.doing(next(iter(row.parts), row.limit))
        settings = [cell(_settings(row, asked))] if several else []
        lines.append([
            cell(row.plan), cell(row.budget), *settings, cell(limit),
            wording.seconds(row.seconds), wording.seconds(row.get("seconds_per_candidate")),
            wording.seconds(row.get("extract_seconds")), wording.seconds(row.get("score")),
            wording.significant(row.get("elapsed_over_slowest_alone")),
            wording.significant(row.get("blocks_saved")),
            wording.seconds(row.get("predicted_seconds")),
            wording.count(row.get("peak_device_bytes"), (" B", " kB", " MB", " GB")),
        ])  # fmt: skip
    return table(headers, lines, numbers)


def _settings(row: ZooSearch, asked: Question) -> str:
    """Settings in which the searches differ."""
    keys = {key for search in asked.searches for key in search.setting} - {"plan", "budget"}
    words = [f"{key}={row.setting[key]}" for key in sorted(keys)
             if key in row.setting
             and len({search.setting.get(key) for search in asked.searches}) > 1]  # fmt: skip
    return ", ".join(words)


def ranking(asked: Question) -> str:
    """The main search's ranking, and the places under halving where the same file has both."""
    main = asked.main
    if not main.ranking or not math.isfinite(main.ranking[0].value):
        return ""
    same = [search for search in asked.searches if search.budget == "halving"
            and search.source == main.source and search is not main]  # fmt: skip
    halved = {place.candidate: place.place for place in same[0].ranking} if same else {}
    is_accuracy = all(math.isfinite(place.accuracy) for place in main.ranking)
    quality = "Accuracy" if is_accuracy else "Score"
    numbers = ["Place", quality, "Loss", *(["Place by halving"] if halved else [])]
    lines = [
        [str(place.place), cell(place.candidate), _value(place, is_accuracy),
         wording.significant(place.loss),
         *([str(halved.get(place.candidate, "-"))] if halved else [])]
        for place in main.ranking[:_SHOWN]
    ]  # fmt: skip
    return table(["Place", "Candidate", *numbers[1:]], lines, numbers)


def _value(place: Place, is_accuracy: bool) -> str:
    if is_accuracy:
        return f"{100 * place.accuracy:.1f} %"
    return wording.significant(place.value)
