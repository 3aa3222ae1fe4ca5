# SPDX-License-Identifier: Apache-2.0
"""What stands on a page, read back from its HTML: short sentences, one number for one quantity,
nothing from elsewhere, and a size that opens at once."""

import html
import re
from pathlib import Path

import planted_results
import pytest
from conftest import ROOT
from report import wording
from report.answer import first, sentences
from report.rendering import render
from results import table

_MOST_WORDS = 25
_MOST_BYTES = 1_000_000
_BASELINES = ROOT / "reports/baselines"
_PAGES = {
    "demo": [ROOT / "tests/tools/data/cpu.json"],
    "mixed": [ROOT / "tests/tools/data/cpu.json", ROOT / "tests/tools/data/cuda.json"],
    "searches": [_BASELINES / "h200-hybrid-searches.json"],
    "zoo": [_BASELINES / "h200-zoo-next-to-python.json"],
    "plans": [_BASELINES / "h200-zoo-resnet18.json"],
}


@pytest.fixture(scope="module", params=[*_PAGES, "gallery"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The results, and the page's HTML; the gallery's page is the one in the repository."""
    if request.param == "gallery":
        path = ROOT / "reports/gallery/index.html"
        if not path.is_file():
            pytest.skip("reports/gallery/index.html is not there")
        return None, path.read_text(encoding="utf-8")
    results = table.read(_PAGES[request.param])
    report = render(results, tmp_path_factory.mktemp(request.param))
    return results, report.page.read_text(encoding="utf-8")


def _texts(page: str) -> list[str]:
    """Paragraphs, items, cells and headings, without commands, names of rows and notes."""
    body = page.split("<body>")[1].split('<section id="notes"')[0].split("<script>")[0]
    body = re.sub(
        r"<svg.*?</svg>|<pre.*?</pre>|<ul class=\"names\">.*?</ul>", " ", body, flags=re.S
    )
    blocks = re.split(
        r"</?(?:p|li|td|th|h\d|summary|dd|dt|br|div|ul|ol|tr|table)\b[^>]*>"
        r"|<span class=\"(?:label|value)\">",
        body,
    )
    texts = (html.unescape(re.sub(r"<[^>]+>", " ", block)) for block in blocks)
    return [" ".join(text.split()) for text in texts if text.strip()]


def test_no_sentence_is_long(page) -> None:
    _, text = page
    said = [one for block in _texts(text) for one in re.split(r"(?<=[.!?;:])\s", block)]
    assert len(said) > 50
    assert [one for one in said if len(one.split()) > _MOST_WORDS] == []


def test_a_long_sentence_would_be_found() -> None:
    long = " ".join(["word"] * 26)
    (found,) = _texts(f"<body><p>{long}.</p><script></script>")
    assert len(found.split()) > _MOST_WORDS


def test_a_page_is_small_and_loads_nothing(page) -> None:
    _, text = page
    assert len(text.encode()) < _MOST_BYTES
    assert re.findall(r"<(?:img|link|script|iframe|video)[^>]+(?:src|href)=.(?!data:)", text) == []
    assert "url(http" not in text and "@import" not in text


def test_seconds_that_stand_twice_are_the_same(page) -> None:
    """The headline, the bars and the tables: a bar is its row's time, the bars add up to the
    headline, and the headline's limit has the share of its color in the bars."""
    results, text = page
    if results is None:
        pytest.skip("the gallery's rows lie elsewhere")
    answer = first.gather(results).answer
    now = answer.now.seconds(answer.items, answer.candidates)
    shown = re.search(r'data-seconds="now">([^<]*)<', text)[1]
    assert shown.replace("\u00a0", " ") == wording.brief(now)
    rows = results.rows.set_index("name")
    seconds = [float(rows.loc[name]["seconds"]) for name in answer.rows]
    if not answer.remarks:
        assert now == pytest.approx(sum(seconds), rel=1e-3)
    values = re.findall(r'<span class="value">([^<]*)</span>', text)
    assert [value.replace("\u00a0", " ") for value in values] == [
        wording.brief(bar.seconds) for bar in answer.picture.bars
    ]
    for bar in answer.picture.bars:
        assert wording.seconds(bar.seconds) in text.replace("\u00a0", " ") or answer.remarks
    limits = set(re.findall(r"Limit: ([a-z, ]+)", text))
    assert {limit.strip() for limit in limits} == {answer.limit}


def test_limit_has_one_meaning(page) -> None:
    """The slowest step; a step or a part of loading that keeps the workers busy is
    not called so, nor is a bound of a check."""
    _, text = page
    said = " ".join(_texts(text))
    assert re.search(
        r"The limit is the (slowest step|step that takes longest alone)|No whole search", said
    )
    assert re.findall(r"[^.;]*is (?:still )?the limit[^.;]*", said) == []
    assert re.findall(r"\(limit [^)]*\)", said) == []


def test_gains_that_stand_twice_are_the_same(page) -> None:
    results, text = page
    if results is None:
        pytest.skip("the gallery's rows lie elsewhere")
    found = first.gather(results)
    plain = text.replace("\u00a0", " ")
    for action in found.answer.actions:
        assert sentences.gain(action) in plain
        for zoo in found.zoos[:1]:
            same = [one for one in zoo.faster if one.gain == action.gain]
            if same:
                cell = wording.interval(action.gain.low, action.gain.high)
                assert f">{cell}</td>" in plain


def test_the_slowest_search_is_explained_first(tmp_path: Path) -> None:
    results = table.read([_BASELINES / "h200-searches.json"])
    text = render(results, tmp_path).page.read_text(encoding="utf-8")
    section = text.split('<section id="time"')[1].split("</section>")[0]
    said = re.findall(r"<(?:p|li)>([\w/-]+) on the GPU, serial mode", section)
    assert said == ["ViT-B/16", "ResNet-152", "ResNet-50", "ResNet-18"]


def test_the_most_frequent_best_batch_comes_first(tmp_path: Path) -> None:
    from report import tables

    rows = [planted_results.roofline(name, batch, 50, share) for name, fast in
            (("resnet18", 32), ("resnet34", 128), ("resnet50", 128)) for batch in (32, 128)
            for share in [0.5 if batch == fast else 0.1]]  # fmt: skip
    assert tables.best_batches(planted_results.read(tmp_path, rows)) == [
        "Batch 128 is the fastest measured for 2 of 3 networks.",
        "Batch 32 is the fastest measured for 1 of 3 networks.",
    ]


def test_the_documents_of_the_gallery_are_short() -> None:
    path = ROOT / "reports/gallery/report.md"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    assert len(path.read_text(encoding="utf-8").splitlines()) < 200
    images = [file for file in Path(path.parent).iterdir() if file.suffix == ".png"]
    assert len(images) <= 30
