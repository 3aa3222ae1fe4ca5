# SPDX-License-Identifier: Apache-2.0
import json
import subprocess
import sys
from pathlib import Path

import pytest
from report.command import main


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


def test_a_filter_keeps_rows_or_leaves_them_out(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    names = {row["name"] for row in json.loads((data / "cpu.json").read_text())["benchmarks"]}
    assert any("/full/" in name for name in names)
    for pattern, which in (
        ("/resnet18/full/|(LoadData)", "other rows"), ("-/resnet50/|/last_", "rows that match"),
    ):  # fmt: skip
        out = tmp_path / pattern[:2].replace("/", "_")
        assert main([str(data / "cpu.json"), f"--filter={pattern}", "-o", str(out)]) == 0
        text = (out / "report.md").read_text(encoding="utf-8")
        assert "ResNet-18" in text
        assert f"--filter={pattern} leaves out the {which}." in text.replace("\\", "")
        assert "last_3" not in text.replace("\\", "")
    said = capsys.readouterr()
    assert "Report:" in said.out
    assert said.err == ""


def test_a_filter_does_not_hide_that_a_run_was_interrupted(data: Path, tmp_path: Path) -> None:
    document = json.loads((data / "cpu.json").read_text())
    document["context"]["interrupted"] = "yes"
    path = tmp_path / "half.json"
    path.write_text(json.dumps(document))
    assert main([str(path), "--filter=resnet18", "-o", str(tmp_path / "out")]) == 0
    assert "The run was interrupted." in (tmp_path / "out/report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("pattern", "message"), [("(", "unterminated"), ("xyz", "no row of")])
def test_a_filter_that_is_wrong_is_reported(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture, pattern: str, message: str
) -> None:
    arguments = [str(data / "cpu.json"), f"--filter={pattern}", "-o", str(tmp_path / "out")]
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert f"--filter={pattern}" in error
    assert message in error
    assert error.count("\n") == 1


def test_a_summary_is_a_table_and_writes_nothing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([str(data / "cpu.json"), "--summary"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| Search | Result |"
    assert all(line.count("|") == 3 for line in lines)
    assert "| Machine | Example CPU @ 2.60GHz |" in lines
    assert any("256 images" in line and line.endswith("| 23 s |") for line in lines)
    assert list(tmp_path.iterdir()) == []


def test_a_report_needs_a_folder(data: Path, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([str(data / "cpu.json")])
    assert "--output=DIR is missing" in capsys.readouterr().err
