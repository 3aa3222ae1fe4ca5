# SPDX-License-Identifier: Apache-2.0
"""The content of a report, computed once for report.md and index.html."""

from dataclasses import dataclass, replace

from results.table import Results

from report import machines, marks, missing, questions, sources, tables
from report.against.comparison import Comparison
from report.answer import commands
from report.answer.first import First
from report.gallery import Gallery
from report.marks import Mark
from report.section import Section
from report.sources import Source


@dataclass(frozen=True)
class Content:
    """What both documents show. `leading` is the file that the first screen is about; `software`
    is that of all files, "" where they differ; `context` are pairs of a file and the Markdown table
    of its entries; `marks` are those of the first screen's rows."""

    machine: str
    mixed: str
    machines: list[str]
    software: str
    sources: list[Source]
    leading: Source
    first: First
    marks: list[Mark]
    sections: list[Section]
    stand_ins: list[str]
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
    known = _marks(results, first)
    return Content(
        machine=machines.title(results),
        mixed=machines.mixed(results),
        machines=machines.described(results),
        software=sources.software(files),
        sources=files,
        leading=_leading(results, first, files),
        first=first,
        marks=known,
        sections=[_marked(one, results, known) for one in found],
        stand_ins=commands.stand_ins(_commands(first, found), results.contexts.values()),
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


def _marks(results: Results, first: First) -> list[Mark]:
    """Of the rows of the first screen, else of all."""
    names = first.answer.rows if first.answer else ()
    rows = results.rows[results.rows["name"].isin(names)]
    return marks.of(results, rows if len(rows) else results.rows)


def _marked(section: Section, results: Results, known: list[Mark]) -> Section:
    """With the marks of its rows that are not known from the first screen."""
    found = marks.of(results, section.behind(results.rows))
    own = tuple(mark for mark in found if mark not in known)
    return replace(section, marks=own)


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
