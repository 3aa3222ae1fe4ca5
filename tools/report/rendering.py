# SPDX-License-Identifier: Apache-2.0
"""Results -> report.md, index.html and the figures of both in one folder."""

import re
from dataclasses import dataclass
from pathlib import Path

import jinja2
from results.markdown import cell, code
from results.table import Results

from report import content, gallery, wording
from report.against import comparison
from report.answer import first as answers
from report.answer import sentences
from report.answer.first import First
from report.content import Content
from report.figures import canvas
from report.page import build
from report.section import Table

_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)/]+\.png)\)")
_NOTES = "<!-- notes -->"  # The notes follow this marker; their images do not belong to the report.
_MOST = 4  # Rows of a table in report.md; the page has all.


@dataclass(frozen=True)
class Report:
    """What was written: both documents, their PNGs, and sentences for the terminal. `failures` name
    the figures that could not draw these results."""

    page: Path
    path: Path
    images: tuple[Path, ...]
    sentences: tuple[str, ...]
    failures: tuple[str, ...] = ()


def render(results: Results, out: Path, baseline: Results | None = None, notes: str = "") -> Report:
    """Write the report. Images of an earlier report in the folder that this one does not show are
    removed."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "report.md"
    earlier = _images(path.read_text(encoding="utf-8")) if path.exists() else set()
    first = answers.gather(results)
    drawn = gallery.draw(results, first, out)
    against = comparison.compare(results, baseline, out) if baseline else None
    said = content.gather(results, first, drawn, against, notes)
    path.write_text(_markdown(said), encoding="utf-8")
    page = build.write(said, out)
    images = [*drawn.images, *(against.images if against else ())]
    for file in earlier.difference(image.file for image in images):
        canvas.remove(out, file)
    files = tuple(out / image.file for image in images)
    return Report(page, path, files, tuple(_terminal(first)), drawn.failures)


def _images(report: str) -> set[str]:
    return set(_IMAGE.findall(report.split(_NOTES)[0]))


def _terminal(first: First) -> list[str]:
    """The headline, the actions and the ranking in at most 15 lines."""
    if first.answer is None:
        return [*first.left_out[:3], "No whole search was measured."]
    found = [sentences.headline(first.answer)]
    found += [f"- {sentences.action(one)}" for one in first.answer.actions] or [sentences.NONE]
    found += [f"- {text}" for text in first.answer.declined]
    return found + sentences.ranking(first.ranking)


def _markdown(said: Content) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # Markdown; cells are escaped by `markdown.cell`.
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"cell": cell, "code": code, "head": _head}
    text = environment.get_template("report.md.j2").render(
        said=said, answer=said.first.answer, words=sentences, wording=wording, notes_marker=_NOTES
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _head(table: Table) -> str:
    """The first rows, and how many the page has more."""
    left = table.count - _MOST
    if left <= 1:
        return table.text
    return f"{table.head(_MOST)}\n\n{left} more rows are on [the page](index.html)."
