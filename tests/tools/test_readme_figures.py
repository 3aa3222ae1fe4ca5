# SPDX-License-Identifier: Apache-2.0
"""README's figures are those of the files in reports/baselines that it names."""

import json
import re
from pathlib import Path

import pytest
import readme_figures

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_is_that_of_the_baselines() -> None:
    assert readme_figures.table() in README, "copy what tools/readme_figures.py prints"


def test_the_caption_is_that_of_the_baselines() -> None:
    assert readme_figures.caption() in README, "copy what tools/readme_figures.py prints"


def test_the_picture_is_that_of_the_baselines() -> None:
    drawn = (ROOT / "reports/readme.svg").read_text(encoding="utf-8")
    assert drawn == readme_figures.picture(), "tools/readme_figures.py --picture reports/readme.svg"


def test_the_row_is_one_of_the_baseline() -> None:
    (text,) = re.findall(r"```json\n(\{\"name\": \"EndToEnd.*?\})\n```", README, re.DOTALL)
    shown = json.loads(text)
    row = next(r for r in readme_figures.rows("h200-searches.json") if r["name"] == shown["name"])
    for key, value in shown.items():
        expected = row[key] if isinstance(value, str) else pytest.approx(row[key], abs=0.06)
        assert value == expected, key
    parts = ("load_model", "load_data", "data_to_device", "inference", "score", "other")
    assert sum(shown[part] for part in parts) == pytest.approx(shown["end_to_end"], abs=0.001)
    half = f"{100 * row['ci95_processes_rel']:.1f} %"
    assert half in README


def test_the_ranking_is_that_of_the_baseline() -> None:
    shown = re.findall(
        r"^ +(\d+)\. (\S+) accuracy +([\d.]+) %  loss ([\d.]+)$", README, re.MULTILINE
    )
    row = next(r for r in readme_figures.rows("h200-zoo-efficientnet_v2_l.json")
               if "budget=all" in r["name"])  # fmt: skip
    (names,) = re.findall(r"\branking=(\S+)", row["label"])
    assert len(shown) == 3
    for place, (_, name, accuracy, loss) in enumerate(shown):
        assert name == names.split(",")[place]
        assert accuracy == f"{100 * row[f'accuracy{place}']:.1f}"
        assert loss == f"{row[f'loss{place}']:.4f}"


def test_ratios_are_the_peers_seconds_over_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"name": "a/ours/x", "real_time": 2.0},
        {"name": "a/ours/x", "real_time": 4.0},
        {"name": "a/ours/peer=y", "real_time": 100.0},
        {"name": "a/peer=y", "real_time": 30.0},
        {"name": "a/peer=y", "real_time": 1.0, "run_type": "aggregate"},
    ]
    monkeypatch.setattr(readme_figures, "rows", lambda _: rows)
    one = readme_figures.Ratio("", "", "", ("/ours/",), ("a/peer=y",), without=("peer=",))
    assert readme_figures.ratio(one) == 10
