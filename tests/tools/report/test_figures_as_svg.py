# SPDX-License-Identifier: Apache-2.0
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from report import gallery
from report.answer import first
from report.figures import canvas, catalogue, svg_text
from report.page import inline_svg


@pytest.fixture(scope="module")
def figure(tmp_path_factory: pytest.TempPathFactory) -> str:
    import matplotlib.pyplot as plt
    import pandas as pd

    out = tmp_path_factory.mktemp("figure")
    with plt.rc_context(canvas.STYLE):
        part = canvas.Part(pd.DataFrame(), 1, 1, "x")
        drawn, axes = canvas.new_figure(2, [1], "A <title> & more", "below", part)
        axes[0].barh([0], [1], color="#0072B2", edgecolor="white")
        axes[0].text(0.5, 0, "on it", color=canvas.ink("#0072B2"))
        axes[0].text(0.5, 0.2, "dark", color=canvas.ink("#E69F00"))
        file = canvas.save(drawn, out, "kind", part)
    assert file == "kind_x.png"
    return (out / "kind_x.svg").read_text(encoding="utf-8")


def test_every_line_has_its_width(figure: str) -> None:
    texts = re.findall(r"<text ([^>]*)>([^<]*)</text>", figure)
    assert len(texts) > 5
    assert all("textLength" in attributes for attributes, _ in texts)
    assert "Verdana" in figure


def test_widths_are_those_of_the_font() -> None:
    assert svg_text.width("MMMM", 10) == pytest.approx(4 * svg_text.width("M", 10))
    assert svg_text.width("i", 10) < svg_text.width("M", 10) < svg_text.width("M", 10, bold=True)
    assert svg_text.width("Inference", 10) == pytest.approx(46.6, abs=1)


def test_it_follows_the_page_and_data_keep_their_colors(figure: str) -> None:
    root = ET.fromstring(inline_svg.element(figure, 'what is "seen"', "f7"))
    text = ET.tostring(root, encoding="unicode")
    assert root.attrib["aria-label"] == 'what is "seen"'
    assert root.attrib["role"] == "img"
    assert "fill: #0072b2" in text
    assert "var(--figure-grid)" in text
    assert "stroke: currentColor" in text
    fills = {e.text: re.search(r"fill: ([^;]+)", e.get("style", "")) for e in root.iter("text")}
    assert fills["A <title> & more"] is None  # The page's own color.
    assert fills["below"][1] == "var(--figure-muted)"
    assert fills["on it"][1] == "#ffffff"
    assert fills["dark"][1] == canvas.DARK_INK


def test_two_figures_of_a_page_share_no_id(figure: str) -> None:
    first, second = (inline_svg.element(figure, "a", prefix) for prefix in ("f1", "f11"))

    def ids(text: str) -> set[str]:
        return set(re.findall(r'id="([^"]*)"', text))

    assert ids(first) and not ids(first) & ids(second)
    for name in re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', first):
        assert "".join(name) in ids(first)


@pytest.mark.parametrize("name", ["cpu", "cuda"])
def test_every_figure_can_be_drawn(name: str, data: Path, tmp_path: Path) -> None:
    from results import table

    results = table.read([data / f"{name}.json"])
    drawn = gallery.draw(results, first.gather(results), tmp_path)
    assert drawn.failures == ()
    assert {"shares", "batch sizes"} <= drawn.by_section.keys()


def test_a_figure_that_fails_is_reported(
    cpu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        TITLE, SECTION = "Broken", "blocks"

        @staticmethod
        def draw(results, out, prefix=""):
            raise KeyError("macs")

    monkeypatch.setattr(catalogue, "FIGURES", (*catalogue.FIGURES, Broken))
    from report import rendering

    report = rendering.render(cpu, tmp_path)
    assert "Broken: KeyError" in report.page.read_text(encoding="utf-8")
    assert report.images
