# SPDX-License-Identifier: Apache-2.0
"""What score_quality.py found: a document for JSON, from which table and figure are made."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from export.checkpoint import ExportError
from results import machine, markdown
from whole_text import read_text

from zoo.quality import Interval, Quality, best_list
from zoo.quality_data import Measured

_HEADERS = ("Order", "Weighted tau", "Over the best list", "Regret", "Within architectures",
            "Searches", "Seconds per candidate")  # fmt: skip
_NUMBERS = _HEADERS[1:]
SCORE, LIST = "score", "list"


@dataclass(frozen=True)
class Document:
    """`scores` and `lists` by name; `seconds` are those of a score for a candidate."""

    content: dict[str, Any]
    scores: dict[str, Quality]
    lists: dict[str, Quality]
    seconds: dict[str, float]


def made(found: Mapping[str, Mapping[str, Quality]], measured: Measured) -> Document:
    """`found` has the qualities by kind."""
    orders = [
        {"name": name, "kind": kind, "seconds": measured.seconds.get(name, 0.0)} | asdict(each)
        for kind, by_name in found.items()
        for name, each in by_name.items()
    ]
    named = measured.scores | measured.static
    searches = [
        {
            "name": search.name,
            "truth": search.truth,
            "family": search.family,
            "values": {
                name: {candidate: worth.value for candidate, worth in each.values.items()}
                for name, ordered in named.items()
                for each in ordered
                if each.search is search
            },
        }
        for search in measured.searches
    ]
    return _of(
        {
            "context": measured.context,
            "orders": orders,
            "searches": searches,
            "missing": measured.missing,
        }
    )


def read(path: Path) -> Document:
    """Raises ExportError for another file."""
    try:
        return _of(json.loads(read_text(path)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExportError(f"{path}: not a file of score_quality.py ({error!r})") from None


def _of(content: dict[str, Any]) -> Document:
    kinds: dict[str, dict[str, Quality]] = {SCORE: {}, LIST: {}}
    for row in content["orders"]:
        figures = {key: row[key] for key in Quality.__dataclass_fields__}
        for key in ("tau_interval", "regret_interval", "over_list_interval"):
            figures[key] = Interval(**figures[key]) if figures[key] else None
        kinds[row["kind"]][row["name"]] = Quality(**figures)
    seconds = {row["name"]: row["seconds"] for row in content["orders"] if row["kind"] == SCORE}
    return Document(content, kinds[SCORE], kinds[LIST], seconds)


def subtitle(document: Document) -> str:
    searches = document.content["searches"]
    candidates = sum(len(search["truth"]) for search in searches)
    several = "searches" if len(searches) > 1 else "search"
    where = machine.title(document.content["context"])
    return f"{len(searches)} {several} of trained zoos, {candidates} candidates in all, {where}"


def table(document: Document) -> str:
    """Markdown: the best first, scores before lists."""
    lines = []
    for kind, by_name in ((SCORE, document.scores), (LIST, document.lists)):
        for name, each in sorted(by_name.items(), key=lambda pair: _best_first(pair[1])):
            shown = markdown.code(name) if kind == SCORE else f"list by {name}"
            lines.append([
                shown, _figure(each.tau, each.tau_interval),
                "" if kind == LIST else _figure(each.over_list, each.over_list_interval),
                _figure(each.regret, each.regret_interval, 3), _figure(each.within),
                _searches(each),
                f"{document.seconds.get(name, 0.0):.3g}",
            ])  # fmt: skip
    names = ", ".join(search["name"] for search in document.content["searches"])
    notes = [
        f"{subtitle(document)} ({names}); device {document.content['context']['device']}. "
        "Figures are of all items. Brackets: 95 % intervals over searches, candidates and halves "
        "of the items, the same draws for every order; on halves a score may be worse, so a figure "
        "need not lie in the middle. Tau is a mean over the searches that have one. Lists never "
        "see the data.",
        *(f"- {markdown.code(name)} was not measured: {markdown.cell(why)}"
          for name, why in document.content["missing"].items()),
    ]  # fmt: skip
    table = markdown.table(_HEADERS, lines, _NUMBERS)
    return "\n".join([_verdict(document), "", table, "", *notes, ""])


def _verdict(document: Document) -> str:
    best = best_list(document.lists)
    if best is None:
        return "No list has a tau that scores could beat."
    intervals = [each.over_list_interval for each in document.scores.values()]
    beat = sum(interval is not None and interval.low > 0 for interval in intervals)
    return (
        f"{beat} of {len(intervals)} scores beat the best list, that by {best}: the whole interval "
        "of the difference is above 0."
    )


def _searches(found: Quality) -> str:
    """In how many tau is defined."""
    defined = sum(tau is not None for tau in found.searches.values())
    every = len(found.searches)
    return f"{defined}" if defined == every else f"{defined} of {every}"


def _best_first(found: Quality) -> float:
    """Orders that have no tau come last."""
    return math.inf if found.tau is None else -found.tau


def _figure(value: float | None, interval: Interval | None = None, digits: int = 2) -> str:
    if value is None:
        return "not defined"
    text = f"{value:.{digits}f}"
    return f"{text} ({interval.low:.{digits}f} to {interval.high:.{digits}f})" if interval else text
