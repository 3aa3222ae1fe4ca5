# SPDX-License-Identifier: Apache-2.0
"""The table of a question's searches, as Markdown."""

from results.markdown import cell, table
from results.zoo_searches import ZooSearch

from report import wording
from report.whole_search import question, took
from report.whole_search.question import Question


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
