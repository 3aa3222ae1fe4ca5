# SPDX-License-Identifier: Apache-2.0
"""The content of a report, computed once for report.md and index.html."""

from dataclasses import dataclass

from results.table import Results

from report import machines, missing, questions, sources, tables
from report.against.comparison import Comparison
from report.answer import commands
from report.answer.first import First
from report.gallery import Gallery
from report.section import Section
from report.sources import Source


@dataclass(frozen=True)
class Content:
    """What both documents show. `leading` is the file that the first screen is about; `software`
    is that of all files, "" where they differ; `context` are pairs of a file and the Markdown table
    of its entries; `random` says that some weights are random."""

    machine: str
    mixed: str
    machines: list[str]
    software: str
    sources: list[Source]
    leading: Source
    first: First
    random: bool
    sections: list[Section]
    placeholders: list[str]
    failed: int
    missing: list[str]
    heading: str
    context: list[tuple[str, str]]
    against: Comparison | None
    notes: str


def gather(
    results: Results, first: First, gallery: Gallery, against: Comparison | None, notes: str
) -> Content:
    files = sources.of(results)
    found = questions.sections(results, first, gallery)
    return Content(
        machine=machines.title(results),
        mixed=machines.mixed(results),
        machines=machines.described(results),
        software=sources.software(files),
        sources=files,
        leading=_leading(results, first, files),
        first=first,
        random=machines.random_weights(results),
        sections=found,
        placeholders=commands.placeholders(_commands(first, found), results.contexts.values()),
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


def _commands(first: First, sections: list[Section]) -> list[str]:
    """Every command that the documents show."""
    found = [command for section in sections for command in section.commands]
    if first.answer:
        found += [first.answer.command, *(action.command for action in first.answer.actions)]
    return found


def _leading(results: Results, first: First, files: list[Source]) -> Source:
    """The file with the rows of the first screen, else the first file."""
    names = first.answer.rows if first.answer else ()
    rows = results.rows[results.rows["name"].isin(names)]
    return next((one for one in files if one.name in set(rows["source"])), files[0])


def _ignored(results: Results) -> list[str]:
    if not results.ignored:
        return []
    names = ", ".join(results.ignored[:5])
    more = ", …" if len(results.ignored) > 5 else ""
    return [f"Rows left out, because their names do not follow the grammar: {names}{more}."]
