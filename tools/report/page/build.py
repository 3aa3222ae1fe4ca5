# SPDX-License-Identifier: Apache-2.0
"""Fills the page's template with the content of a report; style, script and figures are inside."""

import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from report import what_ifs
from report.figures.canvas import Image
from report.page import inline_svg, markdown_html, slim_svg

_LONG = 12  # Tables with more rows than this are closed until a reader opens them.


def write(said: dict[str, Any], out: Path) -> Path:
    """Write index.html into `out`, which already has the figures' SVGs."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        md=lambda text: Markup(markdown_html.inline(text)),
        blocks=lambda text: Markup(markdown_html.blocks(text)),
        table=_table,
        whole=lambda text, label: Markup(markdown_html.table(text, label)),
        what_ifs=_what_ifs,
        flow=_flow,
    )
    used: dict[str, str] = {}
    environment.filters["figure"] = lambda image: _figure(image, out, used)
    path = out / "index.html"
    page = environment.get_template("index.html.j2").render(said | {"title": _title(said)})
    page = slim_svg.share_styles(page)
    path.write_text("\n".join(line for line in page.splitlines() if line.strip()) + "\n", "utf-8")
    return path


def _title(said: dict[str, Any]) -> str:
    return f"Where the time goes: {Markup(markdown_html.inline(said['machine'])).striptags()}"


def _table(text: str, label: str) -> Markup:
    """A Markdown table. A long one is closed and shows its label and number of rows."""
    rows = len(text.splitlines()) - 2
    box = markdown_html.table(text, label)
    if rows <= _LONG:
        return Markup(box)
    return Markup("<details><summary>{} ({} rows)</summary>{}</details>").format(
        label, rows, Markup(box)
    )


def _figure(image: Image, out: Path, used: dict[str, str]) -> Markup:
    prefix = used.setdefault(image.file, f"f{len(used) + 1}")
    svg = (out / image.svg).read_text(encoding="utf-8")
    return Markup(f"<figure>{inline_svg.element(svg, image.alt, prefix)}</figure>")


def _flow(text: str) -> str:
    """Keep numbers and their units on one line."""
    return re.sub(r"(?<=\d) (?=(%|s|ms|µs|[kMGT]?B)\b|%)", "\u00a0", text)


def _what_ifs(finding: Any) -> Markup:
    text = what_ifs.of_one(finding)
    return Markup(markdown_html.table(text, f"What-ifs of {finding.subject}"))
