# SPDX-License-Identifier: Apache-2.0
"""A figure's SVG as an element of a page. Axes and text follow the page's colors, data keep theirs,
ids differ between figures, and screen readers find the figure's text.

Figures are elements and not `<img>` with a data URI, because text in an `<img>` can be neither
selected nor searched on the page, and because the page is smaller: the 88 figures of the gallery
take 1.41 MB as elements, 3.34 MB as images, and 1.52 MB as images after the steps of `slim_svg`."""

import re
import xml.etree.ElementTree as ET

from report.page import slim_svg

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
# Colors of what is not data (axes, grid, secondary text, ground) -> colors of the page.
_STROKES = {
    "#000000": "currentColor",
    "#e5e5e5": "var(--figure-grid)",
    "#555555": "var(--figure-muted)",
    "#ffffff": "var(--figure-ground)",
}
_TEXT_FILLS = {"#000000": "currentColor", "#555555": "var(--figure-muted)"}
_FILLS = {"#000000": "currentColor", "#ffffff": "var(--figure-ground)"}
_NUMBERS = re.compile(r"-?\d+\.\d{2,}(?:e[-+]?\d+)?")


def element(svg: str, alt: str, prefix: str) -> str:
    """The `<svg role="img">` of matplotlib's file. `prefix` differs between figures of a page."""
    root = ET.fromstring(svg)
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{_SVG}metadata", f"{_SVG}style"):
                parent.remove(child)
    for node in root.iter():
        node.tag = node.tag.removeprefix(_SVG)
        node.text = node.text if node.tag in ("text", "tspan") else None
        node.tail = node.tail if node.tag == "tspan" else None
        _rename(node, prefix)
        _color(node)
        for name in ("d", "x", "y", "textLength"):
            if name in node.attrib:
                node.set(name, " ".join(_rounded(node.attrib[name]).split()))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    slim_svg.strip(root)
    root.attrib.update({"role": "img", "aria-label": alt, "class": "figure"})
    title = ET.Element("title")
    title.text = alt.split(":", 1)[-1].split(",")[0].strip()
    root.insert(0, title)
    return ET.tostring(root, encoding="unicode")


def _rename(node: ET.Element, prefix: str) -> None:
    if _LINK in node.attrib:
        node.set("href", node.attrib.pop(_LINK))
    for name, value in list(node.attrib.items()):
        if name == "id":
            node.set(name, f"{prefix}-{value}")
        elif name == "href" and value.startswith("#"):
            node.set(name, f"#{prefix}-{value[1:]}")
        elif "url(#" in value:
            node.set(name, value.replace("url(#", f"url(#{prefix}-"))


def _color(node: ET.Element) -> None:
    """Replace colors that are not data's. The page's style colors text that has no fill."""
    style = node.get("style", "")
    if style == "fill: #ffffff":  # The background of the figure and of its axes.
        node.set("style", "fill: none")
        return
    fills = _TEXT_FILLS if node.tag in ("text", "tspan") else _FILLS
    style = _mapped(style, "fill", fills)
    if style:
        node.set("style", _mapped(style, "stroke", _STROKES))


def _mapped(style: str, name: str, colors: dict[str, str]) -> str:
    return re.sub(
        rf"(?<![\w-]){name}: (#[0-9a-f]{{6}})",
        lambda match: f"{name}: {colors.get(match[1], match[1])}",
        style,
    )


def _rounded(text: str) -> str:
    return _NUMBERS.sub(lambda match: f"{float(match[0]):.1f}", text)
