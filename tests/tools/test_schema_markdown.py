# SPDX-License-Identifier: Apache-2.0
"""benchmarks/reference.md is what tools/schema_markdown.py makes of the schema."""

import json
from pathlib import Path

import schema_markdown

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_is_current() -> None:
    schema = json.loads((ROOT / "tools/results/schema.json").read_text(encoding="utf-8"))
    text = (ROOT / "benchmarks/reference.md").read_text(encoding="utf-8")
    assert text == schema_markdown.text_of(schema), "run tools/schema_markdown.py"


def test_the_regions_of_all_steps_are_written_down() -> None:
    schema = json.loads((ROOT / "tools/results/schema.json").read_text(encoding="utf-8"))
    readme = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
    for step in schema["steps"]:
        assert f"\n| `{step['name']}` | " in readme, step["name"]


def test_a_bar_and_a_bracket_stay_text() -> None:
    assert schema_markdown._table(["a"], [["x|y <k>"], ["`last_<k>`"]]) == (
        "| a |\n| --- |\n| x\\|y &lt;k> |\n| `last_<k>` |\n"
    )
