# SPDX-License-Identifier: Apache-2.0
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from report import rendering
from report.figures import step_bars
from report.steps import STEPS
from results import table

_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> rendering.Report:
    data = Path(__file__).parents[1] / "data"
    results = table.read([data / "cpu.json", data / "cuda.json"])
    return rendering.render(results, tmp_path_factory.mktemp("report"))


def _by_groups(images: list[str]) -> set[str]:
    """What only the page's switch shows: shares by groups of steps, as SVG."""
    shares = [Path(name) for name in images if name.startswith("shares_")]
    assert shares
    return {path.with_suffix(".groups.svg").name for path in shares}


def test_every_image_shown_exists_and_none_else(report: rendering.Report) -> None:
    shown = [file for _, file in _IMAGE.findall(report.path.read_text(encoding="utf-8"))]
    assert shown
    assert len(set(shown)) == len(shown)
    vectors = {Path(file).with_suffix(".svg").name for file in shown}
    vectors |= _by_groups(shown)
    written = {path.name for path in report.path.parent.iterdir()}
    assert written == {*shown, *vectors, "report.md", "index.html"}
    assert {path.name for path in report.images} == set(shown)


def test_images_are_whole_and_have_texts(report: rendering.Report) -> None:
    for alt, file in _IMAGE.findall(report.path.read_text(encoding="utf-8")):
        assert len(alt) > 40
        with Image.open(report.path.parent / file) as image:
            image.verify()
            assert image.width == 1200


def test_text_has_every_part(report: rendering.Report) -> None:
    text = report.path.read_text(encoding="utf-8")
    for expected in (
        "Example CPU @ 2.60GHz and NVIDIA Example GPU",
        "**Random weights**",
        "# 9,469 images",
        "## What to change",
        "## What takes the time?",
        "## Full, tail or joint?",
        "## How sure are these numbers?",
    ):
        assert expected in text, expected
    assert "nan" not in text.lower().replace("nanosecond", "")
    assert len(text.splitlines()) < 200
    page = report.page.read_text(encoding="utf-8")
    for expected in (
        "last_1 is the same cut as last_10pct",
        "waiting for the loader", "2 searches</td>",
        "other is at most 1\u00a0% (allowed: 2\u00a0%)",
        "random weights (seed 1)", "resnet50.safetensors", "1,820</td>", "launch_bound",
        "truncated | expected 102 MB, found 51 MB", "out of memory: 1024 images",
    ):  # fmt: skip
        assert expected in page, expected
    assert 1 <= len(report.sentences) <= 15
    assert report.sentences[0].replace("_", "\\_") in text


def test_tables_are_rectangular(report: rendering.Report) -> None:
    width = None
    for line in report.path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert width in (None, cells), line
        width = cells


def test_equal_input_gives_equal_bytes(report: rendering.Report, both, tmp_path: Path) -> None:
    again = rendering.render(both, tmp_path)
    vectors = [path.with_suffix(".svg") for path in again.images]
    for path in (again.page, again.path, *again.images, *vectors):
        assert path.read_bytes() == (report.path.parent / path.name).read_bytes(), path.name


def test_images_of_an_earlier_report_go_and_other_files_stay(
    report: rendering.Report, cpu, tmp_path: Path
) -> None:
    shutil.copytree(report.path.parent, tmp_path, dirs_exist_ok=True)
    (tmp_path / "mine.png").write_bytes(b"mine")
    later = rendering.render(cpu, tmp_path)
    expected = {path.name for path in later.images} | {"report.md", "index.html", "mine.png"}
    expected |= {path.with_suffix(".svg").name for path in later.images}
    expected |= _by_groups([path.name for path in later.images])
    assert not {path.name for path in report.images} <= expected
    assert {path.name for path in tmp_path.iterdir()} == expected


def test_only_failures_still_make_a_report(cpu, tmp_path: Path) -> None:
    failures = table.Results(cpu.failed.reset_index(drop=True), cpu.contexts)
    report = rendering.render(failures, tmp_path)
    text = report.path.read_text(encoding="utf-8")
    assert report.images == ()
    assert "# Results of model_search_bench" in text
    assert "cache: needs 1.2 GB" in report.page.read_text(encoding="utf-8")


def test_missing_context_is_reported(cpu, tmp_path: Path) -> None:
    results = table.Results(cpu.rows, {"cpu": {}})
    report = rendering.render(results, tmp_path)
    assert "an unnamed machine" in report.path.read_text(encoding="utf-8")
    assert "weights not recorded" in report.page.read_text(encoding="utf-8")


def test_a_figure_has_two_images_at_most(cpu, tmp_path: Path) -> None:
    import pandas as pd

    row = cpu.of_step("EndToEnd").iloc[[0]]
    copies = [
        row.assign(name=str(number), keys=[(("mode", "serial"), ("workers", str(number)))])
        for number in range(2 * step_bars.ROWS_PER_IMAGE + 1)
    ]
    report = rendering.render(table.Results(pd.concat(copies), cpu.contexts), tmp_path)
    names = sorted(path.name for path in report.images if path.name.startswith("shares"))
    assert names == ["shares_cpu_serial_1.png", "shares_cpu_serial_2.png"]
    assert not list(tmp_path.glob("shares_cpu_serial_3*"))


def test_each_step_has_its_own_color() -> None:
    assert len({step.color for step in STEPS}) == len(STEPS)
