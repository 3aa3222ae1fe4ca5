# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from report.against import comparison, matching
from report.command import main
from results import table

_SEARCH = "EndToEnd/resnet18/full/cuda/decoder={}/mode={}/{}workers={}/batch:{}/manual_time"


def _search(name: str, seconds: float, items: int) -> dict:
    return {
        "name": name,
        "run_type": "iteration",
        "real_time": 1000 * seconds,
        "time_unit": "ms",
        "extract_seconds": seconds,
        "items": items,
        "load_data": seconds / 2,
        "data_to_device": seconds / 10,
        "inference": 0.4 * seconds,
    }


def _largest(size: int) -> dict:
    name = "MaxBatchSize/resnet18/full/cuda/manual_time"
    return {"name": name, "real_time": 1, "time_unit": "s", "max_batch_size": size}


def _file(path: Path, machine: str, rows: list[dict]) -> Path:
    context = {"gpu_name": machine, "published_includes": "no scoring"}
    path.write_text(json.dumps({"context": context, "benchmarks": rows}))
    return path


@pytest.fixture
def here(tmp_path: Path) -> Path:
    rows = [
        _search(_SEARCH.format("stb", "prefetch", "", 16, 128), 1, 2000),
        _search(_SEARCH.format("turbojpeg", "serial", "", 16, 128), 2, 2000),
        _search(_SEARCH.format("turbojpeg", "prefetch", "", 16, 32), 2, 2000),
        _largest(3000),
    ]
    return _file(tmp_path / "here.json", "GPU A", rows)


@pytest.fixture
def there(tmp_path: Path) -> Path:
    rows = [
        _search(_SEARCH.format("pil", "prefetch", "transfer=pageable/", 8, 128), 10, 10000),
        _search(_SEARCH.format("turbojpeg", "serial", "", 16, 128), 1, 2000),
        _largest(1000),
    ]
    return _file(tmp_path / "there.json", "GPU B", rows)


def test_rows_are_compared_with_the_nearest_and_say_what_differs(here: Path, there: Path) -> None:
    found = matching.pairs(table.read([here]), table.read([there]), "EndToEnd")
    assert {pair.here["mode"]: pair.differs for pair in found} == {
        "serial": (),
        "prefetch": (
            "decoder: stb here, pil there",
            "transfer: default here, pageable there",
            "workers: 16 here, 8 there",
        ),
    }


def test_an_equal_name_wins_over_near_ones(tmp_path: Path, there: Path) -> None:
    equal = _SEARCH.format("turbojpeg", "serial", "", 16, 128)
    near = _SEARCH.format("turbojpeg", "serial", "", 8, 128)
    ours = _file(tmp_path / "ours.json", "GPU A", [_search(near, 1, 1), _search(equal, 1, 1)])
    found = matching.pairs(table.read([ours]), table.read([there]), "EndToEnd")
    assert [pair.here["name"] for pair in found] == [equal]


@pytest.mark.parametrize("key", ["precision=bf16", "precision=fp32"])
def test_another_value_of_what_is_measured_is_not_a_partner(tmp_path: Path, key: str) -> None:
    name = "Inference/resnet18/full/cuda/{}/batch:8/manual_time"
    row = {"real_time": 1, "time_unit": "ms", "items_per_second": 1}
    one = _file(tmp_path / "a.json", "A", [row | {"name": name.format("precision=fp16")}])
    two = _file(tmp_path / "b.json", "B", [row | {"name": name.format(key)}])
    assert matching.pairs(table.read([one]), table.read([two]), "Inference") == []


def test_ratios_are_per_item_and_above_1_where_here_is_faster(
    here: Path, there: Path, tmp_path: Path
) -> None:
    found = comparison.compare(table.read([here]), table.read([there]), tmp_path)
    tables = {part.title: part.text for part in found.tables}
    assert "| 2,000 | 1,000 | **2.00** |" in tables["Whole extractions"]
    assert "| 1,000 | 2,000 | 0.500 |" in tables["Whole extractions"]
    assert "| 250 ms | 500 ms | **2.00** |" in tables["Steps of the extractions, per 1,000 items"]
    assert "| 3,000 | 1,000 | **3.00** |" in tables["Largest batch"]
    assert "Here is GPU A, there is GPU B. 3 rows stand next to" in found.sentences[0]
    assert found.sentences[-1] == "there, includes: no scoring"
    assert [image.file for image in found.images] == ["against_rate.png", "against_steps.png"]
    assert all("GPU B" in image.alt for image in found.images)


def test_both_documents_show_it(here: Path, there: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main([str(here), "-o", str(out), "--against", str(there)]) == 0
    text = (out / "report.md").read_text()
    assert "## Against GPU B" in text
    assert "![Bars in pairs" in text
    assert "workers: 16 here, 8 there" in (out / "index.html").read_text()


def test_no_partner_is_reported(here: Path, data: Path, tmp_path: Path) -> None:
    assert main([str(here), "-o", str(tmp_path / "out"), "--against", str(data / "cpu.json")]) == 0
    assert "No row here has a partner there" in (tmp_path / "out/index.html").read_text()


def test_a_baseline_that_is_none_is_refused(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "out"
    assert main([str(here), "-o", str(out), "--against", str(tmp_path / "none.json")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert not out.exists()
