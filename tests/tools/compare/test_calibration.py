# SPDX-License-Identifier: Apache-2.0
"""How often comparisons err, counted on invented programs."""

import json
from pathlib import Path

import calibrate_comparison
import pytest
from paired_programs import ROW, interrupt_at


def calibrate(binary: Path, out: Path, *flags: str) -> int:
    return calibrate_comparison.main([str(binary), "-o", str(out), *flags])


def test_the_calibration_counts_verdicts(programs, tmp_path: Path) -> None:
    binary = programs("base", noise=0.005, context={"git_revision": "abc"})
    out = tmp_path / "figures.json"
    code = calibrate(binary, out, "--pairs=2", "--delays=0,10%,20%", "--margin=4%",
                     "--conditions=quiet", "--threads=1")  # fmt: skip
    assert code == 0
    figures = json.loads(out.read_text())
    assert (figures["comparisons"], figures["rounds"]) == (2, 6 * 12)
    assert figures["git_revision"] == "abc"
    assert figures["machine"] == {"cpu_model": "a CPU"}
    assert (figures["conditions"], figures["flags"]) == ("quiet", ["--threads=1"])
    assert figures["rule"]["margin"] == 0.04
    assert "near end" in figures["rule"]["verdict"]
    assert figures["equal"]["verdicts"] == {"SAME": 2}
    assert (figures["equal"]["wrong_share"], figures["equal"]["unsure_share"]) == (0, 0)
    delayed = figures["delayed"]
    assert [found["delay"] for found in delayed] == [0.1, 0.2]
    for found in delayed:
        assert found["verdicts"] == {"SLOWER": 2}
        assert found["found_share"] == 1
        assert "real work" in found["method"]
        assert found["ran"]["least"] == found["delay"]
        assert found["effect"]["median"] == pytest.approx(found["delay"], abs=0.01)


def test_rows_without_the_part_are_equal(programs, tmp_path: Path) -> None:
    rows = {f"Inference/resnet18/{tail}/cpu/manual_time": 0.01 for tail in ("full", "last_1")}
    out = tmp_path / "figures.json"
    binary = programs("base", rows=rows)
    assert calibrate(binary, out, "--pairs=1", "--delays=10%", "--slow-rows=last_1/") == 0
    figures = json.loads(out.read_text())
    assert figures["equal"]["verdicts"] == {"SAME": 1}
    assert figures["delayed"][0]["verdicts"] == {"SLOWER": 1}
    assert "slow=0.1:last_1/" in figures["delayed"][0]["method"]


def test_the_upper_bound_is_that_of_clopper_and_pearson() -> None:
    # The rule of three, exactly; and a tabled value.
    assert calibrate_comparison.upper_bound(0, 300) == pytest.approx(1 - 0.05 ** (1 / 300))
    assert calibrate_comparison.upper_bound(1, 10) == pytest.approx(0.3942, abs=1e-4)


def test_an_interruption_ends_a_calibration(programs, tmp_path: Path, monkeypatch, capsys) -> None:
    out = tmp_path / "figures.json"
    # Both comparisons of the first pair are decided after 24 processes each.
    started = interrupt_at(50, monkeypatch)
    assert calibrate(programs("base"), out, "--pairs=9", "--delays=0,10%") == 130
    assert f"interrupted in pair 2; {out} has the pairs before" in capsys.readouterr().err
    assert len(started) == 50
    assert json.loads(out.read_text())["comparisons"] == 1


def test_a_program_that_cannot_start_is_bad_input(tmp_path: Path, capsys) -> None:
    missing, out = tmp_path / "missing", tmp_path / "figures.json"
    assert calibrate(missing, out) == 2
    said = capsys.readouterr().err
    assert said == f"calibrate_comparison.py: {missing}: No such file or directory\n"
    assert not out.exists()


def test_a_delay_that_did_not_run_is_bad_input(programs, tmp_path: Path, capsys) -> None:
    out = tmp_path / "figures.json"
    assert calibrate(programs("old", never_slow=True), out, "--delays=6%") == 2
    assert f"{ROW}: slow=0.06: added 0.0%" in capsys.readouterr().err
    assert calibrate(programs("new"), out, "--delays=6%", "--slow-rows=last_9") == 2
    assert "--slow-rows=last_9: no measured row" in capsys.readouterr().err
    assert not out.exists()


def test_a_fault_of_both_sides_is_refused(programs, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "slow=1:")
    assert calibrate(programs("base"), tmp_path / "figures.json") == 2
    assert "MODEL_SEARCH_FAULT is set" in capsys.readouterr().err


def test_a_delay_that_is_not_a_share_is_refused(tmp_path: Path, capsys) -> None:
    with pytest.raises(SystemExit):
        calibrate(tmp_path / "program", tmp_path / "figures.json", "--delays=0,6")
    assert "'6' is not a share between 0 and 100%" in capsys.readouterr().err
