# SPDX-License-Identifier: Apache-2.0
"""How often comparisons err, counted on invented programs."""

import json
from pathlib import Path

import calibrate_comparison
import pytest
from paired_programs import interrupt_at


def test_the_calibration_counts_verdicts(programs, tmp_path: Path, capsys) -> None:
    binary = programs("base", noise=0.005)
    out = tmp_path / "figures.json"
    code = calibrate_comparison.main([str(binary), "--pairs=2", "--delay=0.1", "-o", str(out)])
    assert code == 0
    figures = json.loads(out.read_text())
    assert figures["comparisons"] == 2
    assert figures["equal"]["verdicts"] == {"SAME": 2}
    assert figures["delayed (simulated)"]["verdicts"] == {"SLOWER": 2}


def test_the_upper_bound_is_that_of_clopper_and_pearson() -> None:
    # The rule of three, exactly; and a tabled value.
    assert calibrate_comparison.upper_bound(0, 300) == pytest.approx(1 - 0.05 ** (1 / 300))
    assert calibrate_comparison.upper_bound(1, 10) == pytest.approx(0.3942, abs=1e-4)


def test_an_interruption_ends_a_calibration(programs, tmp_path: Path, monkeypatch, capsys) -> None:
    out = tmp_path / "figures.json"
    # Both comparisons of the first pair are decided after 24 processes each.
    started = interrupt_at(50, monkeypatch)
    code = calibrate_comparison.main(
        [str(programs("base")), "--pairs=9", "--delay=0.1", "-o", str(out)]
    )
    assert code == 130
    assert f"interrupted in pair 2; {out} has the pairs before" in capsys.readouterr().err
    assert len(started) == 50
    assert json.loads(out.read_text())["comparisons"] == 1


def test_a_program_that_cannot_start_is_bad_input(tmp_path: Path, capsys) -> None:
    missing, out = tmp_path / "missing", tmp_path / "figures.json"
    assert calibrate_comparison.main([str(missing), "-o", str(out)]) == 2
    said = capsys.readouterr().err
    assert said == f"calibrate_comparison.py: {missing}: No such file or directory\n"
    assert not out.exists()
