# SPDX-License-Identifier: Apache-2.0
"""tools/compare.py on files, and the parts of it that paired_run.py uses."""

import json
from pathlib import Path

import medians_agree
import planted_results
from compare import command as compare
from paired_programs import decisions, run


def test_files_without_rows_are_bad_input(tmp_path: Path, capsys) -> None:
    path = tmp_path / "r.json"
    mean = {"name": "a_mean", "real_time": 4, "run_type": "aggregate"}
    path.write_text(json.dumps({"context": {}, "benchmarks": [mean]}))
    assert compare.main([str(path), str(path)]) == 2
    assert "r.json: no row was measured" in capsys.readouterr().err


def test_a_number_that_no_row_has_is_bad_input(
    programs, root: Path, tmp_path: Path, capsys
) -> None:
    file = root / "reports/baselines/h200-kernel-span.json"
    assert compare.main([str(file), str(file), "--fail-if=accuracy:worse:5%"]) == 2
    assert "--fail-if: no row has accuracy" in capsys.readouterr().err
    base = programs("base")
    assert run(base, base, "--output", tmp_path / "out", "--counters=accuracy") == 2
    assert "--counters: no row has accuracy" in capsys.readouterr().err
    assert len(list((tmp_path / "out/base").iterdir())) == 1


def test_an_output_that_becomes_unwritable_is_reported(root: Path, tmp_path: Path, capsys) -> None:
    file = root / "reports/baselines/h200-kernel-span.json"
    assert compare.main([str(file), str(file), "--json", "/proc/nowhere.json"]) == 2
    assert "/proc/nowhere.json" in capsys.readouterr().err


def test_two_single_files_show_changes_without_verdicts(root: Path, tmp_path: Path) -> None:
    file = root / "reports/baselines/h200-searches.json"
    out = tmp_path / "d.json"
    assert compare.main([str(file), str(file), "--json", str(out), "--fail-if", "slower:1%"]) == 0
    found = decisions(out)
    assert {row["verdict"] for row in found.values()} == {"UNSURE"}
    assert all(row["effect"] == 0 for row in found.values())
    assert compare.main([str(file), str(file), "--strict"]) == 4


def test_outputs_that_cannot_be_written_are_reported_first(
    programs, root: Path, tmp_path: Path, capsys
) -> None:
    base, lost = programs("base"), tmp_path / "nowhere" / "x.md"
    assert run(base, base, "--output", tmp_path / "o", "--markdown", lost) == 2
    assert f"--markdown={lost}: its folder does not exist" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
    file = root / "reports/baselines/h200-kernel-span.json"
    assert compare.main([str(file), str(file), "--json", str(tmp_path)]) == 2
    assert f"--json={tmp_path}: a folder" in capsys.readouterr().err


def test_rows_of_an_older_file_match_those_with_names_of_today(tmp_path: Path, capsys) -> None:
    names = [f"LoadModel/{network}/full/cuda/{{}}=pinned" for network in ("resnet18", "vit_l_32")]
    paths = {}
    for key in ("transfer", "weight_transfer"):
        rows = [planted_results.row(name.format(key), 0.1, p50=0.1) for name in names]
        paths[key] = tmp_path / f"{key}.json"
        paths[key].write_text(json.dumps({"context": planted_results.CONTEXT, "benchmarks": rows}))
    old, today = paths.values()
    out = tmp_path / "d.json"
    for base, new in ((old, today), (today, old)):
        assert compare.main([str(base), str(new), "--json", str(out)]) == 0
        found = decisions(out)
        assert {row["verdict"] for row in found.values()} == {"UNSURE"}
        assert all(row["effect"] == 0 for row in found.values())
        assert any("/weight_transfer=pinned/" in name for name, _ in found)
        assert not any("/transfer=pinned/" in name for name, _ in found)
    capsys.readouterr()
    assert medians_agree.main([str(old), str(today)]) == 0
    assert "0 rows are in one file only" in capsys.readouterr().out
