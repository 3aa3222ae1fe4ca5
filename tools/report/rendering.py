# SPDX-License-Identifier: Apache-2.0
"""Results -> report.md, index.html and the figures of both in one folder."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from results.markdown import cell
from results.table import Results

from report import content, gallery
from report.against import comparison
from report.page import build

_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)/]+\.png)\)")
_NOTES = "<!-- notes -->"  # The notes follow this marker; their images do not belong to the report.


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
    drawn = gallery.draw(results, out)
    against = comparison.compare(results, baseline, out) if baseline else None
    said = content.gather(results, drawn) | {"against": against, "notes": notes}
    text = _template().render(said | {"notes_marker": _NOTES})
    path.write_text(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", encoding="utf-8")
    images = [*drawn.images, *(against.images if against else ())]
    page = build.write(said, out)
    for file in earlier.difference(image.file for image in images):
        (out / file).unlink(missing_ok=True)
        (out / file).with_suffix(".svg").unlink(missing_ok=True)
    files = tuple(out / image.file for image in images)
    return Report(page, path, files, tuple(_sentences(said)), drawn.failures)


def _images(report: str) -> set[str]:
    return set(_IMAGE.findall(report.split(_NOTES)[0]))


def _sentences(said: dict[str, Any]) -> list[str]:
    """The sentences of the diagnosis, or a sentence for each combination where it is missing."""
    zoos = [f"{found.title}: {text}" for found in said["zoo_searches"] for text in found.sentences]
    if said["diagnosed"]:
        return [said["overall"], *(finding.sentence for finding in said["findings"]), *zoos]
    keys = ("sentences", "overlapped_sentences", "joint_sentences")
    return [
        said["overall"],
        *(text for key in keys for part in said["parts"] for text in part[key]),
        *zoos,
    ]


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # Markdown; cells are escaped by `markdown.cell`.
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["cell"] = cell
    return environment.get_template("report.md.j2")
