# SPDX-License-Identifier: Apache-2.0
"""index.html in a real browser, light and dark, narrow and wide: nothing is cut off, nothing is
loaded from elsewhere, and it can be used with the keyboard. MODEL_SEARCH_SCREENSHOTS names a folder
that keeps the screenshots."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import pytest
from conftest import ROOT
from PIL import Image

pytestmark = pytest.mark.skipif(
    browser.programs() is None,
    reason="chromium and chromedriver were not found (tools/setup.sh --tests installs them)",
)
_KEPT = os.environ.get("MODEL_SEARCH_SCREENSHOTS")
_DATA = ROOT / "tests/tools/data"
_BASELINES = ROOT / "reports/baselines"
_GALLERY = ROOT / "reports/gallery/index.html"
_NOTES = """# Why
A <script>alert(1)</script> and `code`, **bold**, [a link](https://example.org), <b>no bold</b>.

- one
- two
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages by name: both machines with notes, one compared with a baseline, and the gallery if it
    exists."""
    from report.command import main

    out = tmp_path_factory.mktemp("pages")
    reports = {
        "mixed": [_DATA / "cpu.json", _DATA / "cuda.json"],
        "zoo": [_BASELINES / "h200-zoo-next-to-python.json"],
        "against": [
            _BASELINES / "h200-inference-grid-1.json",
            "--against",
            _BASELINES / "h200-networks.json",
        ],
    }
    (out / "mixed").mkdir()
    (out / "mixed/notes.md").write_text(_NOTES, encoding="utf-8")
    for name, arguments in reports.items():
        assert main([*map(str, arguments), "-o", str(out / name)]) == 0
    found = {name: out / name / "index.html" for name in reports}
    return found | ({"gallery": _GALLERY} if _GALLERY.is_file() else {})


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(_KEPT or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1000, 1600])
@pytest.mark.parametrize("name", ["mixed", "zoo", "against", "gallery"])
def test_a_page_is_whole(
    pages: dict[str, Path], driver: Any, pictures: Path, name: str, width: int, colors: str
) -> None:
    if name not in pages:
        pytest.skip("reports/gallery/index.html is not there")
    browser.requests(driver)
    driver.get_log("browser")
    browser.show(driver, pages[name], width, colors)
    closed = pictures / f"{name}-{width}-{colors}.png"
    browser.screenshot(driver, closed)
    with Image.open(closed) as image:
        assert image.width == width
    assert browser.faults(driver) == []
    if _KEPT:
        browser.screenshot(driver, pictures / f"{name}-{width}-{colors}-open.png")
    assert {url.split("#")[0] for url in browser.requests(driver)} == {pages[name].as_uri()}
    assert driver.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert driver.get_log("browser") == []
    low = {what: ratio for what, ratio in browser.contrasts(driver).items() if ratio < 4.5}
    assert low == {}


def test_figures_are_whole_in_another_font(pages: dict[str, Path], driver: Any) -> None:
    browser.show(driver, pages["mixed"], 1000, "light")
    driver.execute_script(
        "const style = document.createElement('style');"
        "style.textContent = 'svg.figure text { font-family: monospace !important }';"
        "document.head.append(style)"
    )
    assert browser.faults(driver) == []


_BROKEN = """<!DOCTYPE html><html lang="en"><title>x</title>
<body style="background:#fff"><h1 id="a">One</h1><h3 id="a">Three</h3>
<div style="width:80px;overflow:hidden;white-space:nowrap">This text is cut off at its end</div>
<div style="width:3000px">wide</div><svg width="9" height="9" role="img"></svg>
<svg viewBox="0 0 300 100" width="300" height="100" role="img" aria-label="A figure with a text that
lies outside of it"><text x="280" y="50">far beyond</text></svg>
<p class="muted" style="color:#ccc">pale</p></html>"""


def test_what_is_wrong_is_found(driver: Any, tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text(_BROKEN, encoding="utf-8")
    browser.show(driver, page, 1000, "light")
    found = "\n".join(browser.faults(driver))
    for fault in (
        "the page is 3", "cut off: div", "beyond the page: div", "no size", "no text for who",
        "outside of its figure: text", "ids are there twice", "heading skips a level: h3",
    ):  # fmt: skip
        assert fault in found
    assert browser.contrasts(driver)["Pmuted"] < 4.5


def test_colors_can_be_changed_and_content_skipped_to_by_keyboard(
    pages: dict[str, Path], driver: Any
) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.show(driver, pages["mixed"], 1000, "light")
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = driver.execute_script(ground)
    driver.switch_to.active_element.send_keys(Keys.TAB)
    assert driver.switch_to.active_element.text == "Skip to the content"
    driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "content"
    button = driver.find_element("id", "colors")
    assert button.text == "Dark colors"
    button.send_keys(Keys.ENTER)
    assert driver.execute_script(ground) != light
    assert button.text == "Light colors"
    driver.execute_script("localStorage.clear()")


def test_links_of_the_page_lead_somewhere_and_notes_are_text(
    pages: dict[str, Path], driver: Any
) -> None:
    browser.show(driver, pages["mixed"], 1000, "light")
    targets = driver.execute_script(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash.slice(1))"
        ".filter(id => !document.getElementById(id))"
    )
    assert targets == []
    notes = driver.find_element("id", "notes")
    assert "<script>alert(1)</script>" in notes.text
    assert "<b>no bold</b>" in notes.text
    assert [item.text for item in notes.find_elements("tag name", "li")] == ["one", "two"]


@pytest.mark.parametrize("name", ["mixed", "zoo", "gallery"])
def test_the_first_screen_holds_the_answer(pages: dict[str, Path], driver: Any, name: str) -> None:
    if name not in pages:
        pytest.skip("reports/gallery/index.html is not there")
    browser.show(driver, pages[name], 1280, "light", 800)
    for what in ("headline", "picture", "actions"):
        box = driver.execute_script(
            "return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()",
            f"#{what}, .{what}",
        )
        assert box["width"] > 0 and 0 <= box["top"] < box["bottom"] <= 800, what
    assert len(driver.find_elements("css selector", ".actions > ol > li")) <= 3
    assert driver.find_elements("css selector", ".actions .copy")


def test_the_headline_follows_its_fields(pages: dict[str, Path], driver: Any) -> None:
    """As `Cost.seconds` computes it."""
    from report import wording
    from report.answer import first
    from results import table

    answer = first.gather(table.read([_BASELINES / "h200-zoo-next-to-python.json"])).answer
    browser.show(driver, pages["zoo"], 1280, "light")
    items, candidates = driver.find_elements("css selector", "h1 input")
    for number, zoo in ((4096, 35), (20000, 8), (100000, 400), (1, 1)):
        for field, value in ((items, number), (candidates, zoo)):
            driver.execute_script(
                "arguments[0].value = arguments[1];"
                "arguments[0].dispatchEvent(new Event('input'))", field, str(value),
            )  # fmt: skip
        for name, cost in (("now", answer.now), ("after", answer.after)):
            shown = driver.find_element("css selector", f"[data-seconds={name}]").text
            assert shown.replace("\u00a0", " ") == wording.brief(cost.seconds(number, zoo))


def test_one_switch_groups_the_steps_of_every_figure(pages: dict[str, Path], driver: Any) -> None:
    def shown() -> list[str]:
        return driver.execute_script(
            "return [...document.querySelectorAll('[data-grouped]')].filter(e => !e.hidden)"
            ".map(e => e.querySelector('svg').textContent)"
        )

    browser.show(driver, pages["mixed"], 1280, "light")
    driver.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true })")
    (switch,) = driver.find_elements("css selector", "#grouping input[type=checkbox]")
    assert switch.is_displayed() and switch.accessible_name.startswith("Show the study's four")
    before = shown()
    assert len(before) > 1 and all("Data to device" in text for text in before)
    switch.send_keys(" ")
    after = shown()
    assert len(after) == len(before)
    assert all("Prepare data" in text and "Data to device" not in text for text in after)
    assert browser.faults(driver) == []
    switch.send_keys(" ")
    assert shown() == before


def test_without_script_the_steps_are_not_grouped(pages: dict[str, Path], driver: Any) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.show(driver, pages["mixed"], 1280, "light")
        figures = driver.find_elements("css selector", "[data-grouped=yes]")
        assert figures and not any(one.is_displayed() for one in figures)
        assert driver.find_element("css selector", "[data-grouped=no]").is_displayed()
        assert not driver.find_element("id", "grouping").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("width", [400, 1280])
def test_an_explanation_of_a_mark_is_within_the_window(
    pages: dict[str, Path], driver: Any, width: int
) -> None:
    for name in ("mixed", "zoo", "against"):
        browser.show(driver, pages[name], width, "light", 800)
        driver.execute_script(
            "document.querySelectorAll('details').forEach(d => { d.open = true })"
        )
        boxes = driver.execute_script(
            "return [...document.querySelectorAll('.mark')].map(mark => { mark.focus();"
            "return mark.querySelector('.why').getBoundingClientRect().toJSON() })"
        )
        assert boxes
        assert [box for box in boxes if box["left"] < 0 or box["right"] > width] == []


def test_tables_sort_and_filter(pages: dict[str, Path], driver: Any) -> None:
    browser.show(driver, pages["against"], 1280, "light")
    driver.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true })")
    table = "#batch .scroll table"
    numbers = (
        f"const t = document.querySelector('{table}');"
        "const at = [...t.tHead.rows[0].cells].findIndex(c => c.textContent === 'Items/s');"
        "return [...t.tBodies[0].rows].filter(r => !r.hidden)"
        ".map(r => Number(r.cells[at].textContent.replaceAll(',', '')))"
    )
    head = "//section[@id='batch']//div[@class='scroll'][1]//th[normalize-space()='Items/s']/button"
    before = driver.execute_script(numbers)
    assert before != sorted(before)
    button = driver.find_element("xpath", head)
    driver.execute_script("arguments[0].click()", button)
    assert driver.execute_script(numbers) == sorted(before)
    driver.execute_script("arguments[0].click()", button)
    assert driver.execute_script(numbers) == sorted(before, reverse=True)
    field = driver.find_element("css selector", "#batch .filter")
    field.send_keys("vit")
    assert 0 < len(driver.execute_script(numbers)) < len(before)


# The gallery takes half a minute: each width and theme once.
@pytest.mark.parametrize(
    ("name", "width", "colors"),
    [*itertools.product(["mixed", "zoo"], [400, 1280], ["light", "dark"]),
     ("gallery", 400, "dark"), ("gallery", 1280, "light")],
)  # fmt: skip
def test_axe_finds_no_violation(
    pages: dict[str, Path], driver: Any, name: str, width: int, colors: str
) -> None:
    axe = pytest.importorskip("axe_selenium_python")
    if name not in pages:
        pytest.skip("reports/gallery/index.html is not there")
    browser.show(driver, pages[name], width, colors, 800)
    if (width, colors) == (1280, "light"):  # Once is enough for tables that take a minute.
        driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    checker = axe.Axe(driver)
    checker.inject()
    found = checker.run()["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
