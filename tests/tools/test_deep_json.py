# SPDX-License-Identifier: Apache-2.0
"""Files that are nested too deeply for Python's JSON are refused by name, without a stack trace."""

from __future__ import annotations

import shutil
from pathlib import Path

import convert_published
import pytest
import torch
from export import hugging_face_source, state_dict_source, zoo
from export.checkpoint import ExportError
from results import reader, table

DEEP = "[" * 100_000


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text(DEEP)
    return path


def test_results(deep: Path) -> None:
    with pytest.raises(reader.ResultError, match=r"config\.json: not Google Benchmark JSON"):
        table.read([deep])


def test_samples_next_to_results(data: Path, tmp_path: Path) -> None:
    shutil.copy(data / "cpu.json", tmp_path / "cpu.json")
    rows = len(table.read([tmp_path / "cpu.json"]).rows)
    (tmp_path / "cpu.samples.jsonl").write_text(DEEP + "\n")
    assert len(table.read([tmp_path / "cpu.json"]).rows) == rows


def test_published_numbers(deep: Path) -> None:
    with pytest.raises(convert_published.BadInput, match=r"config\.json is not a summary"):
        convert_published.convert(deep)


def test_zoos(deep: Path) -> None:
    with pytest.raises(ExportError, match=r"config\.json: not JSON"):
        zoo.read(deep)


def test_configs_of_checkpoints(deep: Path) -> None:
    with pytest.raises(ExportError, match=r"config\.json: not a JSON object"):
        hugging_face_source.load(str(deep.parent))
    torch.save({"weight": torch.zeros(1)}, deep.parent / "weights.pt")
    with pytest.raises(ExportError, match=r"config\.json: not JSON"):
        state_dict_source.load("bert_base", str(deep.parent / "weights.pt"))
