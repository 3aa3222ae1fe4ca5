# SPDX-License-Identifier: Apache-2.0
"""zoo_truth.py: correlations of rankings with the truth, ties, and what cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from zoo import truth, truth_command

TRUTH = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.6}


def row(ranking: str, *accuracies: float, plan: str = "shared") -> dict:
    return {
        "name": f"Search/zoo/cpu/budget=all/plan={plan}/batch:8/manual_time",
        "run_name": f"Search/zoo/cpu/budget=all/plan={plan}/batch:8/manual_time",
        "run_type": "iteration",
        "label": f"resnet18, 4 candidates; ranking={ranking}",
        "real_time": 1.0,
        "time_unit": "s",
        "iterations": 1,
    } | {f"accuracy{index}": accuracy for index, accuracy in enumerate(accuracies)}


def write(folder: Path, *rows: dict) -> list[str]:
    (folder / "rows.json").write_text(json.dumps({"context": {}, "benchmarks": rows}))
    (folder / "truth.json").write_text(json.dumps(TRUTH))
    return [str(folder / "rows.json"), f"--truth={folder / 'truth.json'}"]


def lines(text: str) -> dict[str, list[str]]:
    """The table's cells by the first one."""
    cells = [[cell.strip() for cell in line.strip("│ ").split("│")] for line in text.splitlines()]
    return {line[0]: line[1:] for line in cells if len(line) > 1}


def test_a_ranking_and_lists_that_need_no_search(tmp_path: Path, capsys) -> None:
    given = write(
        tmp_path,
        row("a,b,c,d", 0.8, 0.7, 0.6, 0.5),
        row("d,c,b,a", 0.8, 0.7, 0.6, 0.5, plan="one_by_one"),
        row("b,a,c,d", 0.8, 0.7, 0.6, 0.5, plan="decode_once"),
        {**row("a,b,c,d"), "name": "EndToEnd/a/full/cpu/batch:8/manual_time"},
        {**row("a,b,c,d", plan="failed"), "error_occurred": True, "error_message": "no memory"},
    )
    entries, children = [], []
    for name, size, epochs in [("a", 10, 3), ("b", 20, 3), ("c", 30, 1), ("d", 40, 0)]:
        (tmp_path / f"{name}.safetensors").write_bytes(bytes(size))
        entries.append({"name": name, "weights": f"{name}.safetensors"})
        children.append({"name": name, "all_epochs": epochs})
    (tmp_path / "zoo.json").write_text(json.dumps(entries))
    manifest = {"children": children, "truth": {n: [v, v + 0.01] for n, v in TRUTH.items()}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert truth_command.main(given) == 0
    printed = capsys.readouterr().out
    found = lines(printed)
    name = row("", plan="{}")["name"]
    shared = ["4 of 4", "0", "1.00", "1.00", "0.083", "0.900", "0.900"]
    assert found[name.format("shared")] == shared
    reverse = ["4 of 4", "0", "-1.00", "-1.00", "0.083", "0.600", "0.900"]
    assert found[name.format("one_by_one")] == reverse
    # One pair of six is in the wrong order: tau = (5 - 1) / 6; rho = 1 - 6 * 2 / (4 * 15).
    swapped = found[name.format("decode_once")]
    assert swapped[:4] == ["4 of 4", "0", "0.80", "0.67"] and swapped[5] == "0.800"
    assert found["by size, largest first"][2:4] == ["-1.00", "-1.00"]
    epochs = found["by epochs, most first"]
    # Mean ranks 1.5 1.5 3 4 against 1 2 3 4, and tau-b = 5 / sqrt(5 * 6).
    assert epochs[:4] == ["4 of 4", "2", "0.95", "0.91"] and epochs[5] == "0.850"
    assert "failed" not in printed and "EndToEnd" not in printed
    assert "Two fine-tunings of the same candidates agree by Spearman 1.00." in printed

    # Candidates of one architecture have one size, which orders nothing.
    for path in tmp_path.glob("*.safetensors"):
        path.write_bytes(b"equal")
    assert truth_command.main(given) == 0
    size = lines(capsys.readouterr().out)["by size, largest first"]
    assert size == ["4 of 4", "4", "not defined", "not defined", "", "0.750", "0.900"]


def test_neighbors_of_equal_accuracy_are_tied(tmp_path: Path, capsys) -> None:
    given = write(tmp_path, row("a,c,b,d", 0.8, 0.7, 0.7, 0.5))
    assert truth_command.main(given) == 0
    found = lines(capsys.readouterr().out)
    (search,) = (cells for name, cells in found.items() if name.startswith("Search/"))
    assert search[:4] == ["4 of 4", "2", "0.95", "0.91"]
    assert found["by size, largest first"][2] == "not known"
    # After halving a later place may have the higher accuracy, of fewer items: the order counts.
    given = write(tmp_path, row("a,b,c,d", 0.5, 0.8, 0.7, 0.8))
    assert truth_command.main(given) == 0
    assert " 1.00 " in capsys.readouterr().out


def test_candidates_that_failed_are_not_counted(tmp_path: Path, capsys) -> None:
    assert truth_command.main(write(tmp_path, row("b,c,d", 0.8, 0.7, 0.6))) == 0
    (search,) = (c for n, c in lines(capsys.readouterr().out).items() if n.startswith("Search/"))
    assert search[0] == "3 of 4" and search[2] == "1.00"


@pytest.mark.parametrize(
    ("rows", "content", "message"),
    [
        ([row("a,b,x", 0.8, 0.7, 0.6)], TRUTH, "1 candidates are not in the truth, as x"),
        ([{**row(""), "label": "nothing"}], TRUTH, "no Search row with a ranking"),
        ([row("a,b", 0.8, 0.7)], {}, "not an object of names and accuracies"),
        ([row("a,b", 0.8, 0.7)], {"a": "best"}, "not an object of names and accuracies"),
    ],
)
def test_bad_input(tmp_path: Path, rows: list[dict], content: dict, message: str, capsys) -> None:
    given = write(tmp_path, *rows)
    (tmp_path / "truth.json").write_text(json.dumps(content))
    assert truth_command.main(given) == 2
    assert message in capsys.readouterr().err


def test_seeds_of_the_truth() -> None:
    assert truth.between_seeds({"a": [1, 3], "b": [2, 2], "c": [3, 1]}) == pytest.approx(-1)
    assert truth.between_seeds({"a": [1], "b": [2]}) is None
    assert truth.between_seeds({"a": [1, 1], "b": [1, 2]}) is None
