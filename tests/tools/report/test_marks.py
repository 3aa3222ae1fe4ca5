# SPDX-License-Identifier: Apache-2.0
"""What is random, generated or simulated has a mark, in the first screen or where its rows are."""

from pathlib import Path

import planted
import pytest
from planted import inference, load_data, row, search
from report import marks
from report.answer import first, summary
from report.marks import Mark
from report.rendering import render
from results import table

_NAME = "resnet18/full/cuda/decoder=turbojpeg/mode=serial/workers=8/batch:100"
_SEARCH = search(_NAME, 0.1, 1.5, 0.1, 0.5, 0.05)
_MADE = {"data": "embedded default (generated)"}
_REAL = {"weights_resnet18": "a.safetensors 1"}


@pytest.mark.parametrize(
    ("planted_row", "context", "expected"),
    [
        (_SEARCH, _REAL, []),
        (_SEARCH, {}, [marks.RANDOM]),
        (_SEARCH, _REAL | _MADE, [marks.GENERATED["images"]]),
        (load_data("cpu/decoder=stb/workers=1/batch:100", 500), _MADE, [marks.GENERATED["images"]]),
        (row("LoadModel/resnet18/full/cuda", 0.1), _REAL | _MADE, []),  # It reads no data.
        (row("Score/resnet18/full/cuda/classes=100", 0.1), _REAL, [marks.SYNTHETIC]),
        (row("Score/resnet18/full/cuda", 0.1), _REAL, []),
        (row("MaxBatchSize/resnet18/full/cuda/memory_limit=24GB", 9.0), _REAL, [marks.MEMORY]),
        (inference("resnet18/full/cuda/batch:100", 500, simulated_delay=0.05), _REAL,
         [marks.SLOWED]),
    ],
)  # fmt: skip
def test_each_mark_has_its_rows(
    planted_row: dict, context: dict[str, str], expected: list[Mark], tmp_path: Path
) -> None:
    results = table.read([planted.write(tmp_path, [planted_row], **context)])
    assert marks.of(results, results.rows) == expected


def _written(tmp_path: Path, *paths: Path) -> tuple[str, str]:
    report = render(table.read(list(paths)), tmp_path / "out")
    return tuple(path.read_text(encoding="utf-8") for path in (report.page, report.path))


def test_generated_data_are_marked_in_the_first_screen(tmp_path: Path) -> None:
    page, text = _written(tmp_path, planted.write(tmp_path, [_SEARCH], **_MADE))
    made = marks.GENERATED["images"]
    header = page.split("<header>")[1].split("</header>")[0]
    for mark in (made, marks.RANDOM):
        assert f'{mark.title} <span class="mark" tabindex="0">?<span class="why"> ({mark.why})' in (
            header
        )
        assert text.count(f"> **{mark.title.capitalize()}**: {mark.why}.") == 1
    # Once more where each file's data stand; the sections do not repeat it.
    assert page.count(made.why) == 2


def test_another_file_s_generated_data_are_marked_in_their_section(tmp_path: Path) -> None:
    one = planted.write(tmp_path, [_SEARCH], "one", data="pets", **_REAL)
    rows = [inference(f"resnet18/full/cuda/batch:{batch}", 500) for batch in (32, 100)]
    page, text = _written(tmp_path, one, planted.write(tmp_path, rows, "two", **_MADE, **_REAL))
    why = marks.GENERATED["images"].why
    assert why not in page.split('<section id="time"')[0]
    section = page.split('<section id="batch"')[1].split("</section>")[0]
    assert why in section
    assert f"- Some rows here have **generated images**: {why}." in text.split("## Which batch")[1]


def test_rows_of_the_same_name_in_another_file_have_no_mark(tmp_path: Path) -> None:
    name = "resnet18/full/cuda/batch:100"
    slow = search(_NAME.replace("turbojpeg", "stb"), 0.1, 3.0, 0.1, 0.5, 0.05)
    rows = [_SEARCH, slow, inference(name, 2000)]
    one = planted.write(tmp_path, rows, "one", data="pets", **_REAL)
    two = planted.write(tmp_path, [inference(name, 500)], "two", **_MADE, **_REAL)
    page, _ = _written(tmp_path, one, two)
    section = page.split('<section id="help"')[1].split("</section>")[0]
    assert name in section and marks.GENERATED["images"].why not in section


def test_the_weights_of_a_zoo_are_those_of_its_candidates(tmp_path: Path) -> None:
    rows = [row("Search/zoo/cuda/budget=all/plan=shared/batch:100", 1.0)]
    for weights, expected in (("random (seed 0)", [marks.RANDOM]), ("a.safetensors 1", [])):
        contexts = {"weights_a": weights, "weights_resnet18": "b.safetensors 2"}
        results = table.read([planted.write(tmp_path, rows, **contexts)])
        assert marks.of(results, results.rows) == expected


def test_a_summary_has_the_marks(tmp_path: Path) -> None:
    results = table.read([planted.write(tmp_path, [_SEARCH], **_MADE)])
    said = summary.of(first.gather(results), results)
    assert "| Note | random weights (" in said and "generated images (" in said
