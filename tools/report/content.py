# SPDX-License-Identifier: Apache-2.0
"""The content of a report, computed once for report.md and index.html."""

from dataclasses import dataclass

from results.table import Results

from report import machines, missing, questions, tables
from report.against.comparison import Comparison
from report.answer.first import First
from report.gallery import Gallery
from report.section import Section


@dataclass(frozen=True)
class Content:
    """What both documents show. `facts` are pairs of a name and its lines; `context` pairs of a
    file and the Markdown table of its entries; `random` says that some weights are random."""

    machine: str
    mixed: str
    data: list[str]
    facts: list[tuple[str, list[str]]]
    first: First
    random: bool
    sections: list[Section]
    failed: int
    missing: list[str]
    heading: str
    context: list[tuple[str, str]]
    against: Comparison | None
    notes: str


def gather(
    results: Results, first: First, gallery: Gallery, against: Comparison | None, notes: str
) -> Content:
    return Content(
        machine=machines.title(results),
        mixed=machines.mixed(results),
        data=machines.data(results, False),
        facts=[
            ("Machine", machines.described(results)),
            ("Data", machines.data(results)),
            ("Measured", machines.measured(results)),
        ],
        first=first,
        random=machines.random_weights(results),
        sections=questions.sections(results, first, gallery),
        failed=len(results.failed),
        missing=[
            *missing.sentences(results),
            *first.left_out,
            *(f"A figure could not draw these results: {text}." for text in gallery.failures),
            *_ignored(results),
        ],
        heading=tables.heading(results),
        context=tables.context(results),
        against=against,
        notes=notes,
    )


def _ignored(results: Results) -> list[str]:
    if not results.ignored:
        return []
    names = ", ".join(results.ignored[:5])
    more = ", …" if len(results.ignored) > 5 else ""
    return [f"Rows left out, because their names do not follow the grammar: {names}{more}."]
