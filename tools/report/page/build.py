# SPDX-License-Identifier: Apache-2.0
"""Fills the page's template with the content of a report; style, script and figures are inside."""

import json
import re
from pathlib import Path

import jinja2
from markupsafe import Markup

from report import marks, steps, wording
from report.answer import sentences
from report.answer.statement import Answer
from report.content import Content
from report.page import inline_svg, markdown_html, slim_svg


def write(said: Content, out: Path) -> Path:
    """Write index.html into `out`, which already has the figures' SVGs."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        blocks=lambda text: Markup(markdown_html.blocks(text)),
        whole=lambda text, label: Markup(markdown_html.table(text, label)),
        flow=_flow,
        brief=lambda seconds: _flow(wording.brief(seconds)),
    )
    used: dict[str, str] = {}
    environment.filters["figure"] = lambda svg, alt: _figure(svg, alt, out, used)
    answer = said.first.answer
    path = out / "index.html"
    page = environment.get_template("index.html.j2").render(
        said=said,
        answer=answer,
        words=sentences,
        marks=marks,
        groups=", ".join(one.title.lower() for one in steps.GROUPS if one.title != "Other"),
        ranking=said.first.ranking,
        title=sentences.headline(answer) if answer else f"Results of {said.machine}",
        cost=_cost(answer) if answer else "",
        described=_described(answer) if answer else "",
    )
    page = slim_svg.share_styles(page)
    path.write_text("\n".join(line for line in page.splitlines() if line.strip()) + "\n", "utf-8")
    return path


def _cost(answer: Answer) -> str:
    """What the page's script computes the headline's seconds from."""
    costs = {"now": answer.now.plain()}
    if answer.after:
        costs["after"] = answer.after.plain()
    return json.dumps(costs)


def _described(answer: Answer) -> str:
    """The picture for readers who cannot see it."""
    bars = []
    for bar in answer.picture.bars:
        largest = max(bar.pieces, key=lambda piece: piece.seconds, default=None)
        most = f", most of it {largest.title.lower()}" if largest and len(bar.pieces) > 1 else ""
        bars.append(f"{bar.label} {wording.brief(bar.seconds)}{most}")
    return f"{answer.picture.title}: {'; '.join(bars)}"


def _figure(svg: str, alt: str, out: Path, used: dict[str, str]) -> Markup:
    prefix = used.setdefault(svg, f"f{len(used) + 1}")
    return Markup(inline_svg.element((out / svg).read_text(encoding="utf-8"), alt, prefix))


def _flow(text: str) -> str:
    """Keep numbers and their units on one line."""
    return re.sub(r"(?<=\d) (?=(%|s|ms|µs|[kMGT]?B)\b|%)", "\u00a0", text)
