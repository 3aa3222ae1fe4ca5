# SPDX-License-Identifier: Apache-2.0
import re
import xml.etree.ElementTree as ET

from report.page import slim_svg

FIGURE = """<svg class="figure"><defs /><g id="axes"><g id="bar" clip-path="url(#clip)">
<path id="p" d="M 0 0" style="fill: #0072b2; stroke-linejoin: miter" /></g></g>
<defs><clipPath id="clip"><rect /></clipPath></defs><use href="#tick" /><g id="tick"><path /></g>
<text style="font-size: 9px; font-family: 'DejaVu Sans', Verdana; text-anchor: end"
 transform="rotate(-0 1.5 2)">a</text><text transform="rotate(-90 1.5 2)">b</text></svg>"""


def test_what_nobody_sees_goes_and_what_is_referred_to_stays() -> None:
    root = ET.fromstring(FIGURE)
    slim_svg.strip(root)
    assert {node.get("id") for node in root.iter() if node.get("id")} == {"clip", "tick"}
    assert [node.tag for node in root] == ["g", "defs", "use", "g", "text", "text"]
    assert root.find(".//path[@style]").get("style") == "fill: #0072b2"
    level, upright = root.findall("text")
    assert "transform" not in level.attrib
    assert upright.get("transform") == "rotate(-90 1.5 2)"
    assert level.get("style") == "font-size: 9px; text-anchor: end"


def test_styles_become_classes_of_the_figures_alone() -> None:
    figure = (
        '<svg class="figure"><path style="fill: none" /><path style="fill: none" />'
        '<text style="font-size: 9px; fill: #111111">x</text></svg>'
    )
    page = f'<style>a {{}}\n</style><p style="fill: none"></p>{figure}<p>{figure}</p>'
    shared = slim_svg.share_styles(page)
    assert "svg.figure .s0 { fill: none }\n</style>" in shared
    assert shared.count('<path class="s0" />') == 4
    assert '<p style="fill: none">' in shared
    assert len(re.findall(r'<text style="font-size: 9px; fill: #111111">', shared)) == 2
