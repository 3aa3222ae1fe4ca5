# SPDX-License-Identifier: Apache-2.0
"""Two programs in turns: rounds, decisions, budgets, failures, interruptions."""

from pathlib import Path

import pytest
from compare import command as compare
from compare import paired_rounds
from paired_programs import ROW, decisions, interrupt_at, run
from results.processes import read_process


def test_a_paired_run_decides_every_row(programs, tmp_path: Path, capsys) -> None:
    rows = {ROW: 0.01, "b.c": 0.02, "bxc": 0.5}
    base = programs("base", rows=rows, noise=0.01, seed=1)
    new = programs("new", rows=rows | {"b.c": 0.022}, noise=0.01, seed=2)
    out = tmp_path / "out"
    code = run(base, new, "--output", out, "--json", tmp_path / "d.json", "--markdown",
               tmp_path / "d.md", "--fail-if", "slower:5%", "--benchmark_filter=.")  # fmt: skip
    assert code == 1
    found = decisions(tmp_path / "d.json")
    assert found[(ROW, "time")]["verdict"] == "SAME"
    assert found[("b.c", "time")]["verdict"] == "SLOWER"
    assert found[("b.c", "time")]["effect"] == pytest.approx(0.1, abs=0.02)
    assert len(list((out / "base").iterdir())) == len(list((out / "new").iterdir())) in (12, 20)
    markdown = (tmp_path / "d.md").read_text()
    assert markdown.startswith("**2 SAME, 1 SLOWER**")
    assert "| `b.c` | time | SLOWER |" in markdown
    # The folders can be compared again.
    assert compare.main([str(out / "base"), str(out / "new"), "--paired"]) == 0


def test_rows_that_are_decided_are_not_run_again(programs, tmp_path: Path) -> None:
    rows = {"calm": 0.01, "b.c": 0.02}
    base = programs("base", rows=rows, noise=0, seed=1)
    # A difference at the margin stays unsure to the end.
    new = programs("new", rows=rows | {"b.c": 0.0206}, noise=0.004, seed=2)
    out = tmp_path / "out"
    assert run(base, new, "--output", out, "--strict") == 4
    last = read_process(out / "new" / "round-020.json")
    assert list(last.rows) == ["b.c"]


def test_the_budget_ends_it(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base", noise=0.2), programs("new", noise=0.2, seed=3)
    assert run(base, new, "--output", tmp_path / "out", "--budget=0.001") == 0
    assert "the time is up after 1 rounds" in capsys.readouterr().out
    assert len(list((tmp_path / "out/base").iterdir())) == 1


def test_failures_and_missing_rows_lose_no_other(programs, tmp_path: Path) -> None:
    rows = {"a": 0.01, "b": 0.01, "gone": 0.01}
    base = programs("base", rows=rows)
    new = programs("new", rows={"a": 0.01, "b": 0.01, "more": 1}, fail={"b": "out of memory"})
    run(base, new, "--output", tmp_path / "out", "--json", tmp_path / "d.json")
    found = {name: row for (name, _), row in decisions(tmp_path / "d.json").items()}
    assert {name: row["verdict"] for name, row in found.items()} == {
        "a": "SAME",
        "b": "FAILED",
        "gone": "MISSING",
        "more": "NEW",
    }
    assert "new: out of memory" in found["b"]["reason"]


def test_a_side_that_crashes_later_is_failed(programs, tmp_path: Path) -> None:
    base, new = programs("base"), programs("new", crash_in=[5])
    run(base, new, "--output", tmp_path / "out", "--json", tmp_path / "d.json")
    (row,) = decisions(tmp_path / "d.json").values()
    assert row["verdict"] == "FAILED"
    assert "crashed" in row["reason"]


def test_a_side_that_writes_nothing_is_bad_input(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base"), programs("new", crash_in=[0])
    assert run(base, new, "--output", tmp_path / "out") == 2
    assert "wrote no results" in capsys.readouterr().err
    assert run(base, tmp_path / "nowhere", "--output", tmp_path / "other") == 2
    assert "nowhere" in capsys.readouterr().err


def test_an_output_folder_that_is_a_file_is_refused(programs, tmp_path: Path, capsys) -> None:
    (tmp_path / "out").touch()
    assert run(programs("base"), programs("new"), "--output", tmp_path / "out") == 2
    assert "paired_run.py: " in capsys.readouterr().err


def test_an_interruption_judges_the_rounds_before(
    programs, tmp_path: Path, monkeypatch, capsys
) -> None:
    interrupt_at(6, monkeypatch)
    base, new = programs("base"), programs("new", noise=0.01)
    assert run(base, new, "--output", tmp_path / "out", "--json", tmp_path / "d.json") == 130
    assert "interrupted after 2 rounds" in capsys.readouterr().out
    assert decisions(tmp_path / "d.json")[(ROW, "time")]["units"] == 2


def test_other_conditions_end_it_after_the_first_round(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base"), programs("new", context={"libtorch_version": "9"})
    assert run(base, new, "--output", tmp_path / "a") == 3
    assert run(base, new, "--output", tmp_path / "b", "--allow-different=lib") == 2
    for folder in ("a", "b"):
        assert len(list((tmp_path / folder / "base").iterdir())) == 1


def test_other_conditions_are_refused(programs, tmp_path: Path, capsys) -> None:
    base = programs("base")
    new = programs("new", context={"libtorch_version": "9"})
    flags = ["--budget=0.001"]
    assert run(base, new, "--output", tmp_path / "a", *flags) == 3
    assert "libtorch_version (library): not recorded and '9'" in capsys.readouterr().err
    assert run(base, new, "--output", tmp_path / "b", "--allow-different=library", *flags) == 0
    assert run(base, new, "--output", tmp_path / "c", "--allow-different=lib", *flags) == 2
    assert "machine, driver, library" in capsys.readouterr().err


def test_results_are_never_mixed(programs, tmp_path: Path, capsys) -> None:
    base, new = programs("base"), programs("new")
    assert run(base, new, "--output", tmp_path / "out", "--budget=0.001") == 0
    assert run(base, new, "--output", tmp_path / "out") == 2
    assert "it already has results" in capsys.readouterr().err
    assert run(base, new, "--benchmark_out=x.json") == 2


def test_counters_have_directions(programs, tmp_path: Path) -> None:
    base, new = programs("base", noise=0.005), programs("new", rows={ROW: 0.012}, noise=0.005)
    run(base, new, "--output", tmp_path / "o", "--counters=items_per_second", "--json",
        tmp_path / "d.json")  # fmt: skip
    found = decisions(tmp_path / "d.json")
    assert found[(ROW, "items_per_second")]["verdict"] == "SLOWER"
    assert found[(ROW, "items_per_second")]["effect"] < 0


def test_the_filter_names_rows_exactly() -> None:
    assert paired_rounds.exact_filter(["a.b/c", "d+e|f"]) == r"^(a\.b/c|d\+e\|f)$"
