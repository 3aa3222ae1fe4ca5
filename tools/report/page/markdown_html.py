# SPDX-License-Identifier: Apache-2.0
"""Markdown as HTML of the page, by markdown-it: CommonMark with tables. HTML in a text is shown as
text, except `<br>`; an image, and a link whose target is neither on the web nor on the page,
becomes its words and its target."""

import html
import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

# Targets on the web or on this page.
_LINK = re.compile(r"https?://|#[\w-]*$")
_BREAK = "<br>"


class _Renderer(RendererHTML):
    """Each method renders the token of its name."""

    def renderToken(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """A tag without the line break after it: a page has thousands of cells."""
        return super().renderToken(tokens, idx, options, env).rstrip("\n")

    def hardbreak(self, *_: Any) -> str:
        return _BREAK

    def link_open(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        if not _LINK.match(str(tokens[at].attrs["href"])):
            return ""
        tokens[at].attrSet("rel", "noreferrer")
        return self.renderToken(tokens, at, options, env)

    def link_close(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        opening = next(token for token in reversed(tokens[:at]) if token.type == "link_open")
        target = str(opening.attrs["href"])
        return "</a>" if _LINK.match(target) else f" ({html.escape(target)})"

    def image(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return html.escape(f"{tokens[at].content} ({tokens[at].attrs['src']})")

    def table_open(
        self, _tokens: Sequence[Token], _at: int, _: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """A table scrolls in a box of its own, also with the keyboard."""
        label = html.escape(env.get("label", "Table"))
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table>'

    def table_close(self, *_: Any) -> str:
        return "</table></div>"

    def th_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f'<th{_number(tokens[at])} scope="col">'

    def td_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f"<td{_number(tokens[at])}>"


def _number(cell: Token) -> str:
    """Columns that the table aligns to the right hold numbers."""
    return ' class="number"' if cell.attrs.get("style") == "text-align:right" else ""


def _line_break(state: StateInline, silent: bool) -> bool:
    """`<br>`, the only way to write a second line in a cell of a table."""
    if not state.src.startswith(_BREAK, state.pos):
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += len(_BREAK)
    return True


def _headings(state: StateCore) -> None:
    """Headings begin at the level `top` of the page and do not skip a level."""
    levels: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            levels = [outer for outer in levels if outer < level] + [level]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(state.env.get('top', 1) + len(levels) - 1, 6)}"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}, renderer_cls=_Renderer)
    parser.enable("table")
    parser.inline.ruler.before("autolink", "line_break", _line_break)
    parser.core.ruler.push("headings", _headings)
    parser.validateLink = lambda _target: True  # The renderer decides, and shows the target.
    return parser


_PARSER = _parser()


def inline(text: str) -> str:
    """One line or paragraph."""
    return _PARSER.renderInline(text)


def blocks(text: str, top: int = 3) -> str:
    """A whole text; its headings begin at level `top` of the page and do not skip a level."""
    return _PARSER.render(text, {"top": top})


def table(text: str, label: str = "Table") -> str:
    """A table of Markdown in a box that scrolls, with a label for screen readers."""
    return _PARSER.render(text, {"label": label})
