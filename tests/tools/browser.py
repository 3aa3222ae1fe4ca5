# SPDX-License-Identifier: Apache-2.0
"""A page in headless Chromium: what it loads, what it logs, and how it is laid out."""

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

# Returns the faults of the layout as a list of texts, after opening everything that is closed.
_FAULTS = """
const faults = [];
const name = (e) => `${e.tagName.toLowerCase()} "${(e.textContent || "").trim().slice(0, 40)}"`;
document.querySelectorAll("details").forEach((d) => { d.open = true; });
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) faults.push(`the page is ${page.scrollWidth} wide`);
for (const e of document.body.querySelectorAll("*:not(svg *)")) {
  const style = getComputedStyle(e);
  if (/hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1) {
    faults.push(`cut off: ${name(e)}`);
  }
  const box = e.getBoundingClientRect();
  if (box.width && box.right > page.clientWidth + 1 && !e.closest(".scroll, pre")) {
    faults.push(`beyond the page: ${name(e)}`);
  }
}
for (const image of document.querySelectorAll("img, svg")) {
  if (image.closest("[hidden]")) continue;
  const box = image.getBoundingClientRect();
  const alt = image.getAttribute("alt") || image.getAttribute("aria-label") || "";
  if (box.width < 50 || box.height < 50) faults.push(`no size: ${alt}`);
  if (alt.length < 40) faults.push(`no text for who cannot see it: "${alt}"`);
  for (const text of image.querySelectorAll("text")) {
    const own = text.getBoundingClientRect();
    const inside = own.left > box.left - 1 && own.right < box.right + 1
      && own.top > box.top - 1 && own.bottom < box.bottom + 1;
    if (!inside) faults.push(`outside of its figure: ${name(text)} of ${alt}`);
  }
}
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
if (new Set(ids).size !== ids.length) faults.push("ids are there twice");
let last = 0;
for (const e of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
  const level = Number(e.tagName[1]);
  if (level > last + 1) faults.push(`heading skips a level: ${name(e)}`);
  last = level;
}
return faults;
"""
# Luminance contrast (WCAG) of text that is seen against the page's ground.
_CONTRASTS = """
const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = (text) => {
  const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(channel);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = luminance(getComputedStyle(document.body).backgroundColor);
const found = {};
const seen = "body, .muted, a:not(.skip), summary, svg text:not([style*=fill])";
for (const e of document.querySelectorAll(seen)) {
  const style = getComputedStyle(e);
  const own = luminance(e.tagName === "text" ? style.fill : style.color);
  const [light, dark] = [Math.max(own, ground), Math.min(own, ground)];
  found[e.tagName + (e.className.baseVal ?? e.className)] = (light + 0.05) / (dark + 0.05);
}
return found;
"""


def programs() -> tuple[str, str] | None:
    """Paths of the browser and of its driver, or None where one is not installed."""
    browser = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@contextmanager
def opened() -> Iterator[Any]:
    """A browser's driver that logs its console and its requests."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location, driver = programs()
    for flag in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--disable-dev-shm-usage",
    ):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    browser.set_script_timeout(120)  # axe-core takes its time on a long page.
    try:
        yield browser
    finally:
        browser.quit()


def show(browser: Any, page: Path, width: int, colors: str, height: int = 900) -> None:
    """Open a page at a size in `light` or `dark`."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    feature = {"name": "prefers-color-scheme", "value": colors}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get(page.as_uri())


def faults(browser: Any) -> list[str]:
    return browser.execute_script(_FAULTS)


def contrasts(browser: Any) -> dict[str, float]:
    return browser.execute_script(_CONTRASTS)


def requests(browser: Any) -> list[str]:
    """What the page requested since the last call, except data inside of the page."""
    messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    urls = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    return [url for url in urls if not url.startswith("data:")]


def screenshot(browser: Any, file: Path) -> None:
    """The whole page as it is now."""
    picture = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True}
    )
    file.write_bytes(base64.b64decode(picture["data"]))
