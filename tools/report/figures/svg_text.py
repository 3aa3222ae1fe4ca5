# SPDX-License-Identifier: Apache-2.0
"""Text of an SVG that keeps its width. Each text gets the width for which it was laid out as its
`textLength`, so that a viewer without DejaVu Sans fits another font into the same place without
cutting text off."""

import html
import re
from functools import lru_cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

FAMILY = "'DejaVu Sans', Verdana, sans-serif"
_TEXT = re.compile(r'<text style="(?P<style>[^"]*)"(?P<place>[^>]*)>(?P<text>[^<]+)</text>')
_SIZE = re.compile(r"font-size: ([\d.]+)px|font: [^;]*?([\d.]+)px")
_FONT_FAMILY = re.compile(r"'DejaVu Sans'(, ('[^']*'|[\w-]+))*")


def with_widths(svg: str) -> str:
    """Add the width of each line of text to an SVG of matplotlib (`svg.fonttype` is none)."""
    return _FONT_FAMILY.sub(FAMILY, _TEXT.sub(_with_width, svg))


def _with_width(match: re.Match[str]) -> str:
    size = _SIZE.search(match["style"])
    text = html.unescape(match["text"])
    if size is None or not text.strip():
        return match[0]
    bold = re.search(r"\b(bold|[6-9]00)\b", match["style"]) is not None
    length = width(text, float(size[1] or size[2]), bold)
    place = f'{match["place"]} textLength="{length:.2f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text style="{match["style"]}"{place}>{match["text"]}</text>'


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line in DejaVu Sans, in the unit of `size`."""
    return size * sum(_advance(character, bold) for character in text)


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    """Width of a character as a share of the font's size."""
    return _font(bold).load_char(ord(character)).linearHoriAdvance / 65536 / 100


@lru_cache(maxsize=2)
def _font(bold: bool) -> FT2Font:
    properties = font_manager.FontProperties(
        family="DejaVu Sans", weight="bold" if bold else "normal"
    )
    font = FT2Font(font_manager.findfont(properties))
    font.set_size(100, 72)
    return font
