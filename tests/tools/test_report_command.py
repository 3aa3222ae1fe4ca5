# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest
from reporting.command import main


def test_the_script_writes_a_report(root: Path, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "report"
    command = [sys.executable, root / "tools" / "report.py", data / "cpu.json", "-o", out]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (process.returncode, process.stderr) == (0, "")
    assert f"Report: {out / 'index.html'}" in process.stdout
    assert "2 failed combinations" in process.stdout
    assert (out / "report.md").is_file()
    assert (out / "index.html").is_file()


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "no such file"), ("{", "truncated"), ("nonsense", "not JSON"), ("{}", "benchmarks")],
)
def test_bad_input_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture, text: str | None, message: str
) -> None:
    path = tmp_path / "results.json"
    if text is not None:
        path.write_text(text)
    assert main([str(path), "-o", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert str(path) in error
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_output_that_is_a_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "out").write_text("")
    assert main([str(data / "cpu.json"), "-o", str(tmp_path / "out")]) == 2
    assert str(tmp_path / "out") in capsys.readouterr().err
