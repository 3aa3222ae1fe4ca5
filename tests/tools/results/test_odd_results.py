# SPDX-License-Identifier: Apache-2.0
"""Results that are partial, mixed or wrong in places make a page that says so, or are refused."""

import copy
import json
import math
import random
from pathlib import Path

import pytest
from conftest import ROOT
from report import machines, missing, rendering, what_ifs
from report.answer import first
from report.command import main
from report.diagnosis.gain import Gain
from report.diagnosis.statement import Diagnosis, WhatIf
from results import table


def _page(path: Path, *more: Path) -> str:
    out = path.parent / "out"
    assert main([str(path), *map(str, more), "-o", str(out)]) == 0
    return (out / "index.html").read_text(encoding="utf-8")


def _write(path: Path, document: dict) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def document(data: Path) -> dict:
    return json.loads((data / "cpu.json").read_text(encoding="utf-8"))


def test_nan_and_huge_numbers_are_shown_as_missing(document: dict, tmp_path: Path) -> None:
    for number, row in enumerate(document["benchmarks"]):
        for key, value in list(row.items()):
            if isinstance(value, float):
                row[key] = (float("nan"), float("inf"), 10**400, -1.0)[number % 4]
    page = _page(_write(tmp_path / "odd.json", document))
    assert "<td>nan" not in page.lower()


@pytest.mark.parametrize("seed", range(8))
def test_rows_with_anything_in_them_make_no_stack_trace(
    document: dict, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    odd = [None, "", "x", -1, 0, 1e300, float("nan"), True, [], {}, "<b>|`"]
    for row in document["benchmarks"]:
        for key in draw.sample(list(row), 3):
            if draw.random() < 0.5:
                row[key] = draw.choice(odd)
            else:
                del row[key]
    document["context"] = {key: draw.choice(odd) for key in document["context"]}
    _page(_write(tmp_path / "odd.json", document))


def test_two_machines_are_named(data: Path, tmp_path: Path) -> None:
    both = table.read([data / "cpu.json", data / "cuda.json"])
    said = machines.mixed(both)
    assert "Example CPU @ 2.60GHz with 2 cores (cpu)" in said
    assert "NVIDIA Example GPU with 16 cores (cuda)" in said
    assert machines.mixed(table.read([data / "cpu.json"])) == ""
    report = rendering.render(both, tmp_path)
    assert "Several machines." in report.page.read_text(encoding="utf-8")
    assert "**Several machines.**" in report.path.read_text(encoding="utf-8")


def test_what_was_asked_for_and_is_not_there(document: dict, tmp_path: Path) -> None:
    document["context"] |= {
        "option_steps": "Inference,EndToEnd,MaxBatchSize",
        "option_architectures": "resnet18,resnet50,vit_b_16",
        "option_configurations": "full,last_3,last_25pct,last_10pct,last_1,last_7",
        "option_modes": "serial,prefetch,overlapped",
        "interrupted": "yes",
    }
    said = missing.sentences(table.read([_write(tmp_path / "part.json", document)]))
    assert "The run was interrupted." in said
    assert any(text.startswith("No row of MaxBatchSize, though asked for") for text in said)
    assert "No row of ViT-B/16, though asked for." in said
    assert "No row of the configurations last_7, though asked for." in said
    assert "No row of the modes overlapped, though asked for." in said
    assert (
        "ResNet-50 lacks 1 of the Inference rows that other candidates have: "
        "last_1/cpu/threads=2/batch:8." in said
    )
    assert "ResNet-50 has no row of Score, which other candidates have." in said


def test_a_complete_file_lacks_nothing(document: dict, tmp_path: Path) -> None:
    rows = [row for row in document["benchmarks"] if "resnet18" in row["name"]]
    document["benchmarks"] = copy.deepcopy(rows)
    for row in rows:
        other = copy.deepcopy(row)
        for key in ("name", "run_name"):
            other[key] = row[key].replace("resnet18", "resnet50")
        document["benchmarks"].append(other)
    assert missing.sentences(table.read([_write(tmp_path / "all.json", document)])) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "reports/baselines").glob("h200-*.json")), ids=lambda p: p.name
)
def test_the_baselines_are_complete(path: Path) -> None:
    assert missing.sentences(table.read([path])) == []


@pytest.mark.parametrize("beside", ["results", "report"])
def test_notes_are_shown_and_stay(data: Path, tmp_path: Path, beside: str) -> None:
    results = tmp_path / "results/cpu.json"
    out = tmp_path / "report"
    results.parent.mkdir()
    out.mkdir()
    results.write_bytes((data / "cpu.json").read_bytes())
    notes = (results.parent if beside == "results" else out) / "notes.md"
    notes.write_text("# Seen\n<img src=x> ![mine](mine.png)\n")
    (out / "mine.png").write_bytes(b"mine")
    for _ in range(2):  # A second report must not treat the notes' image as one of its own.
        assert main([str(results), "-o", str(out)]) == 0
        page = (out / "index.html").read_text(encoding="utf-8")
        assert "<h3>Seen</h3>" in page
        assert "&lt;img src=x&gt;" in page
        assert "![mine](mine.png)" in (out / "report.md").read_text(encoding="utf-8")
        assert notes.read_text() == "# Seen\n<img src=x> ![mine](mine.png)\n"
        assert (out / "mine.png").read_bytes() == b"mine"


def test_what_ifs_of_a_diagnosis_are_a_table() -> None:
    change = WhatIf(
        change="8 workers", rows=("LoadData/x",), sources=("cpu",), predicted_seconds=1.5,
        predicted_items_per_second=170.0, gain=Gain(math.log(1.25), 0.1, low=1.1, high=1.4),
        next_limit="transfer", measured_row="EndToEnd/y", measured_seconds=1.6, error=-0.0625,
        caveat="measured, not predicted; cores | permitting",
    )  # fmt: skip
    found = Diagnosis(
        source="cpu", subject="resnet18", device="cpu", row_name="EndToEnd/x", domain="images",
        partial=False, limit="decoding", share=0.5, sentence="",
        configuration="full", evidence=("EndToEnd/x",), what_ifs=(change,),
    )  # fmt: skip
    assert what_ifs.of_all([found]).splitlines()[2] == (
        "| ResNet-18 on the CPU | 8 workers | 1.25 | 1.1 to 1.4 | 1.60 s | 1.50 s | -6 % | "
        "copying to the device | cores \\| permitting |"
    )


def test_results_that_the_diagnosis_does_not_fit_still_make_a_page(
    cpu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(first.diagnosing, "cases", fails)
    page = rendering.render(cpu, tmp_path).page.read_text(encoding="utf-8")
    assert "No diagnosis: it failed on these results (ZeroDivisionError" in page
    assert "No whole search was measured" in page
    assert "7.04 s" in page
