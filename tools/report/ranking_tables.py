# SPDX-License-Identifier: Apache-2.0
"""The full rankings of candidates with real weights; random weights rank nothing."""

from collections.abc import Iterator

from results import ranking, zoo_searches
from results.markdown import cell, table
from results.table import Results

from report import marks, wording
from report.answer import ranked
from report.answer.ranked import Ranked

_RANDOM = "Candidates with random weights are not ranked: their accuracy has no meaning."


def all_of(results: Results) -> Iterator[tuple[str, str]]:
    """A title and a Markdown table for each ranking."""
    several = len(results.contexts) > 1
    for words, places in ranking.rankings(results.of_step("EndToEnd")):
        found = ranked.of_places(places, results)
        title = ", ".join(["Ranking", *(words if several else words[1:])])
        if found:
            yield title, _table(found)
    for search in zoo_searches.of(results):
        if search.budget in ("", "all") and (found := ranked.of_zoo(search, results)):
            yield f"Ranking of {search.zoo}, plan {search.plan}", _table(found)
            return


def _table(found: list[Ranked]) -> str:
    quality = "Accuracy" if found[0].is_accuracy else "Score"
    lines = [[str(one.place), cell(one.name), one.text, one.between, wording.significant(one.loss),
              cell(one.weights), cell(one.converged)] for one in found]  # fmt: skip
    headers = ["Place", "Candidate", quality, "95 % interval", "Loss", "Weights", "Converged"]
    return table(headers, lines, ["Place", quality, "95 % interval", "Loss"])


def random(results: Results) -> str:
    """A sentence where some candidates have random weights."""
    return _RANDOM if marks.RANDOM in marks.of(results, results.of_candidates) else ""
