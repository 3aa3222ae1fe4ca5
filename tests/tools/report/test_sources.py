# SPDX-License-Identifier: Apache-2.0
"""What a report says of its files: machine and software once, data, hour and revision of each."""

from pathlib import Path

import planted
import pytest
from planted import search
from report import sources
from report.rendering import render
from results import table

_NAME = "resnet18/full/cuda/decoder=turbojpeg/mode=serial/workers=8/batch:100"
_ROWS = [search(_NAME, 0.1, 1.5, 0.1, 0.5, 0.05)]
_SOFTWARE = {"libtorch_version": "2.11.0", "cuda_runtime_version": "13.0", "cudnn_version": 91900}
_FOLDER = {"data": "2048", "data_images": "2048", "data_identity": "f71f0e8812885907"}
_MADE = {"data": "embedded default (generated)", "data_images": "1500",
         "data_identity": "0f8bfae562aec1f2"}  # fmt: skip
_EARLY = {"date": "2026-11-29T22:41:20+00:00", "git_revision": "24f21f1594a2"}
_LATE = {"date": "2026-11-30T00:52:08+01:00", "git_revision": "0123abc"}


def _two(tmp_path: Path, **late: object) -> table.Results:
    one = planted.write(tmp_path, _ROWS, "one", **_FOLDER, **_EARLY, **_SOFTWARE)
    return table.read(
        [one, planted.write(tmp_path, _ROWS, "two", **_MADE, **_LATE, **_SOFTWARE | late)]
    )


def test_machine_and_software_stand_once_and_files_in_a_table(tmp_path: Path) -> None:
    report = render(_two(tmp_path), tmp_path / "out")
    lines = report.path.read_text(encoding="utf-8").splitlines()
    assert lines[2] == "GPU A; LibTorch 2.11.0, CUDA 13.0, cuDNN 9.19.0."
    assert lines[4:8] == [
        "| File | Data | Measured |",
        "| :-- | :-- | :-- |",
        '| one | 2,048 images in folder "2048" (f71f0e88) '
        "| 2026-11-29, 22 h UTC, revision 24f21f1594a2 |",
        "| two | 1,500 generated images (0f8bfae5) | 2026-11-29, 23 h UTC, revision 0123abc |",
    ]
    page = report.page.read_text(encoding="utf-8")
    assert page.count("<dt>Software</dt><dd>LibTorch 2.11.0, CUDA 13.0, cuDNN 9.19.0</dd>") == 1
    assert "<dt>one</dt>" in page and "<dt>two</dt>" in page
    assert 'class="machine">GPU A<span> · 2,048 images in folder &#34;2048&#34;</span>' in page


def test_software_that_differs_stands_with_each_file(tmp_path: Path) -> None:
    found = sources.of(_two(tmp_path, cudnn_version=8902))
    assert sources.software(found) == ""
    assert [one.software.split(", ")[-1] for one in found] == ["cuDNN 9.19.0", "cuDNN 8.9.2"]


def test_one_file_has_one_line(tmp_path: Path) -> None:
    results = table.read([planted.write(tmp_path, _ROWS, **_FOLDER, **_EARLY, option_items="500")])
    text = render(results, tmp_path / "out").path.read_text(encoding="utf-8")
    assert (
        'Data: 2,048 images in folder "2048", searches over 500 of them (f71f0e88). '
        "2026-11-29, 22 h UTC, revision 24f21f1594a2."
    ) in text


@pytest.mark.parametrize("date", ["yesterday", ""])
def test_what_is_not_a_date_stays(date: str, tmp_path: Path) -> None:
    results = table.read([planted.write(tmp_path, _ROWS, date=date, data_identity="by hand")])
    (found,) = sources.of(results)
    assert found.date == date
    assert (found.data[0].words, found.data[0].identity) == ("1,000 images", "by hand")
