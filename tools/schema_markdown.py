#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write benchmarks/reference.md, which lists what tools/results/schema.json declares.

The target `schema` runs it: cmake --build --preset release --target schema
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
_SCHEMA = _ROOT / "tools/results/schema.json"
_OUTPUT = _ROOT / "benchmarks/reference.md"
_HEAD = """# Steps, axes, flags and counters
`tools/schema_markdown.py` wrote this file from `model_search_bench --schema`.
[README.md](README.md) says what is in each step's timed region and how to read the results.

- [Steps](#steps)
- [Axes](#axes)
- [Other flags](#other-flags)
- [Counters](#counters)
- [Architectures](#architectures)
"""


def text_of(schema: dict[str, Any]) -> str:
    sections = [
        ("Steps", ["Step", "Version of its rows", "Axes"], _steps(schema)),
        ("Axes", ["Flag", "Key in names", "Values", "Default", "Meaning"], _axes(schema)),
        ("Other flags", ["Flag", "Default", "Meaning"], _settings(schema)),
        ("Counters", ["Counter", "Unit", "Better", "Meaning"], _counters(schema)),
        ("Architectures", ["Name", "Network", "Input", "Blocks"], _architectures(schema)),
    ]
    return _HEAD + "".join(
        f"\n## {title}\n{_table(columns, rows)}" for title, columns, rows in sections
    )


def _steps(schema: dict[str, Any]) -> Iterable[list[str]]:
    for step in schema["steps"]:
        yield [_code(step["name"]), str(step["row_version"]), ", ".join(map(_code, step["axes"]))]


def _axes(schema: dict[str, Any]) -> Iterable[list[str]]:
    for axis in schema["axes"]:
        if axis["flag"] is None:
            continue
        default = axis["default_rule"] or ", ".join(map(_code, axis["default_values"]))
        values = ", ".join(map(_code, axis["values"] or []))
        yield [_code(f"--{axis['flag']}"), _code(axis["key"]), values, default, axis["help"]]


def _settings(schema: dict[str, Any]) -> Iterable[list[str]]:
    for setting in schema["settings"]:
        default = "" if setting["default"] in ("", "false") else _code(setting["default"])
        yield [_code(f"--{setting['flag']}"), default, setting["help"].strip()]


def _counters(schema: dict[str, Any]) -> Iterable[list[str]]:
    for counter in schema["counters"]:
        yield [
            _code(counter["name"]), counter["unit"], counter["better"] or "", counter["meaning"]
        ]  # fmt: skip


def _architectures(schema: dict[str, Any]) -> Iterable[list[str]]:
    for row in schema["architectures"]:
        yield [_code(row["name"]), row["title"], row["input"], str(row["blocks"])]


def _code(text: str) -> str:
    return f"`{text}`"


def _table(columns: list[str], rows: Iterable[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(
        "| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines
    )  # fmt: skip


def _cell(text: str) -> str:
    plain = text.replace("|", "\\|")
    return plain if plain.startswith("`") else plain.replace("<", "&lt;")


def main() -> None:
    parser = argparse.ArgumentParser(prog="schema_markdown.py", description=__doc__)
    parser.add_argument("--schema", type=Path, default=_SCHEMA, help="default: %(default)s")
    parser.add_argument("-o", "--output", type=Path, default=_OUTPUT, help="default: %(default)s")
    options = parser.parse_args()
    schema = json.loads(options.schema.read_text(encoding="utf-8"))
    options.output.write_text(text_of(schema), encoding="utf-8")


if __name__ == "__main__":
    main()
