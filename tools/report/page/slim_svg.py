# SPDX-License-Identifier: Apache-2.0
"""Makes the figures of a page smaller. Removes what matplotlib writes without effect (ids without a
reference, groups without attributes, rotations by 0), and writes a shared style only once."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

_REFERENCE = re.compile(r"#([\w-]+)")
_NO_TURN = re.compile(r"rotate\(-?0(\.0+)? [^)]*\)")
# The page's style gives every figure one font and one kind of line join and cap. Its round joins
# round the corners of bars by a third of a pixel; the SVG files keep sharp corners.
_GIVEN = re.compile(r"(?:^|(?<=; ))(?:font-family: [^;]*|stroke-line(?:join|cap): \w+)(?:; |$)")
_STYLE = re.compile(r' style="([^"]*)"')


def strip(root: ET.Element) -> None:
    """Remove attributes and groups without effect, in place."""
    used = {
        name
        for node in root.iter()
        for key, value in node.attrib.items()
        if key != "id" and ("url(" in value or key == "href")
        for name in _REFERENCE.findall(value)
    }
    for node in root.iter():
        if node.get("id") not in used:
            node.attrib.pop("id", None)
        if _NO_TURN.fullmatch(node.get("transform", "")):
            del node.attrib["transform"]
        if style := _GIVEN.sub("", node.get("style", "")).rstrip("; "):
            node.set("style", style)
        else:
            node.attrib.pop("style", None)
    _unwrap(root)


def _unwrap(node: ET.Element) -> None:
    for child in list(node):
        _unwrap(child)
    children = []
    for child in node:
        bare = child.tag in ("g", "defs") and not child.attrib
        if bare and (child.tag == "g" or len(child) == 0):
            children.extend(child)
        else:
            children.append(child)
    node[:] = children


def share_styles(page: str) -> str:
    """Turn styles that several elements of the page's figures share into classes in its head. Text
    with a color of its own keeps its style, by which the check of contrasts recognizes it."""
    head, body = page.split("</style>", 1)
    figures = re.split(r"(<svg\b.*?</svg>)", body, flags=re.S)
    found = Counter(
        style for figure in figures[1::2] for style in _STYLE.findall(figure) if _may_move(style)
    )
    names = {
        style: f"s{number}" for number, (style, uses) in enumerate(found.most_common()) if uses > 1
    }
    figures[1::2] = [
        _STYLE.sub(lambda m: f' class="{names[m[1]]}"' if m[1] in names else m[0], figure)
        for figure in figures[1::2]
    ]
    rules = "".join(f"svg.figure .{name} {{ {style} }}\n" for style, name in names.items())
    return f"{head}{rules}</style>{''.join(figures)}"


def _may_move(style: str) -> bool:
    return not ("font" in style and "fill" in style)
