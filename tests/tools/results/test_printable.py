# SPDX-License-Identifier: Apache-2.0
"""Text from outside has no effect on a terminal or on Markdown."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from results.markdown import cell, code
from results.printable import printable
from results.reader import ResultError, read


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Größe 犬 🐕", "Größe 犬 🐕"),
        ("a\nb\tc", "a b c"),
        ("\x1b[31mred\x9b", "\\u{1b}[31mred\\u{9b}"),
        ("gpj\u202etxt", "gpj\\u{202e}txt"),
        ("half \ud800", "half \\u{d800}"),
    ],
)
def test_printable(text: str, seen: str) -> None:
    assert printable(text) == seen


def test_cells_have_no_effect() -> None:
    assert cell("a|b _c_ *d* `e` [f](g) <h> ~i~ \\|") == (
        "a\\|b \\_c\\_ \\*d\\* \\`e\\` \\[f\\](g) &lt;h> \\~i\\~ \\\\\\|"
    )
    assert code("a`b|c") == "`a'b\\|c`"


def hostile(folder: Path, name: str) -> Path:
    row = {"name": name, "run_type": "iteration", "real_time": 1.0, "time_unit": "ms",
           "label": "\x1b]0;title\x07", "error_occurred": True,
           "error_message": "cannot read \x1b[2J[red]<b>|`x`"}  # fmt: skip
    path = folder / "rows.json"
    path.write_text(json.dumps({"context": {"data": "\x1b[31m"}, "benchmarks": [row]}))
    return path


def test_a_file_of_results_is_printable(tmp_path: Path) -> None:
    document = read(hostile(tmp_path, "Inference/\x1b[31m/cpu/batch:1"))
    (row,) = document.rows
    texts = [row.name, row.label, row.error or "", document.context["data"]]
    assert all(text.isprintable() for text in texts), texts


def test_a_refused_file_is_named_printably() -> None:
    with pytest.raises(ResultError) as refused:
        read(Path("no\x1b[31m\nsuch.json"))
    assert str(refused.value).isprintable()


def test_a_comparison_shows_names_as_they_are(root: Path, tmp_path: Path) -> None:
    """Neither rich's markup nor Markdown or HTML in a name or a message has an effect."""
    path = hostile(tmp_path, "Inference/[/x]|`<b>_*/cpu/batch:1")
    markdown = tmp_path / "table.md"
    command = [sys.executable, root / "tools/compare.py", path, path, "--markdown", markdown]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[/x]|`<b>_*" in done.stdout.replace("\n", "")
    (line,) = [line for line in markdown.read_text().splitlines() if "[/x]" in line]
    assert "`Inference/[/x]\\|'<b>_*/cpu/batch:1`" in line
    assert "<b>" not in line.split("`")[2]
    assert "\x1b" not in done.stdout + line
