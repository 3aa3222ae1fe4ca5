# SPDX-License-Identifier: Apache-2.0
"""tools/history.py: series from a folder, what may have caused a change, and its page."""

import html.parser
import json
import os
import re
import subprocess
from pathlib import Path

import history
import pytest
from track import commits, series
from track.change_points import Rule

ROW = "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time"


def run(*arguments: object) -> int:
    return history.main([str(argument) for argument in arguments])


def write(folder: Path, day: int, rows: dict[str, float], name: str = "", **context) -> Path:
    """A result file of a day of 2026; rows as milliseconds."""
    path = folder / (
        name or f"{30 - day}.json"
    )  # The order of the names differs from that of the dates.
    path.parent.mkdir(parents=True, exist_ok=True)
    context = {"date": f"2026-01-{day + 1:02}T00:00:00+00:00", "cpu_model": "a CPU"} | context
    benchmarks = [
        {"name": row, "run_type": "iteration", "time_unit": "ms", "real_time": time,
         "items_per_second": 1e3 / time}
        for row, time in rows.items()
    ]  # fmt: skip
    path.write_text(json.dumps({"context": context, "benchmarks": benchmarks}), encoding="utf-8")
    return path


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, list[str]]:
    """A repository with a commit for each of ten days, and their hashes."""
    folder = tmp_path / "repository"
    person = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER")
              for what in ("NAME", "EMAIL")}  # fmt: skip

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", folder, *arguments], check=True, capture_output=True, text=True,
            env=os.environ | person,
        )  # fmt: skip
        return done.stdout.strip()

    folder.mkdir()
    git("init", "-q")
    hashes = []
    for day in range(10):
        git("commit", "-q", "--allow-empty", "-m", f"Day {day} <b>[red]&")
        hashes.append(git("rev-parse", "--short=12", "HEAD"))
    return folder, hashes


def test_a_change_is_shown_with_its_commits(repository, tmp_path: Path, capsys) -> None:
    where, hashes = repository
    folder = tmp_path / "results"
    for day in range(10):
        # Nothing was measured on day 5: both commits lie between.
        if day != 5:
            times = {ROW: 10.0 if day < 6 else 12.0, "steady": 1.0, "spike": 9.0 if day == 4 else 1}
            write(folder, day, times, git_revision=hashes[day],
                  driver_version="1" if day < 6 else "2")  # fmt: skip
    page = tmp_path / "out" / "page.html"
    assert run(folder, "-o", page, "--repository", where) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "9 files. 1 of 3 series changed." in said
    assert "2026-01-07 00:00" in said
    assert "SLOWER +20.0%" in said
    for part in (hashes[5][:7], hashes[6][:7], "Day 6 <b>[red]&", "driver_version: 1 → 2"):
        assert part in said
    for part in (hashes[4][:7], hashes[7][:7]):
        assert part not in said
    text = page.read_text(encoding="utf-8")
    assert "Day 6 &lt;b&gt;[red]&amp;" in text
    assert text.count("<svg ") == 3
    assert text.count("<details open>") == 1


def test_the_page_stands_alone(tmp_path: Path) -> None:
    for day in range(8):
        write(tmp_path / "r", day, {ROW: 1.0 + (day >= 4), "<script>": 1.0},
              cpu_model="<img src=x>")  # fmt: skip
    (tmp_path / "r/<i>.json").write_text("{")
    assert run(tmp_path / "r", "-o", tmp_path / "page.html") == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    # Namespaces of SVG are names, not addresses that are read.
    names = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"\w+://[^\"'<\s]+", text)) <= names
    found = _Elements()
    found.feed(text)
    assert not {"script", "link", "img", "iframe", "object", "i"} & found.tags
    assert len(found.ids) == len(set(found.ids))
    assert {use.removeprefix("#") for use in found.uses} <= set(found.ids)
    assert all(address.startswith("#") for address in found.uses)
    assert "prefers-color-scheme: dark" in text
    for words in re.findall(r'<svg [^>]*aria-label="([^"]*)"', text):
        assert re.search(
            r": 8 points from 2026-01-01 to 2026-01-08, the first 1 .* the last", words
        )
    assert text.count('aria-label="Line of ') == text.count("<svg ") == 2
    # Every color of a drawing is one of the page's variables.
    drawings = "".join(re.findall(r"<svg .*?</svg>", text, re.DOTALL))
    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", drawings)) == set()
    for variable in re.findall(r"var\((--\w+)\)", drawings):
        assert text.count(f"{variable}:") == 2, variable


class _Elements(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.uses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.tags.add(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "src", "xlink:href"):
                self.uses.append(value)


def test_equal_input_gives_equal_pages(tmp_path: Path) -> None:
    for day in range(6):
        write(tmp_path / "r", day, {ROW: 1.0})
    for name in ("1.html", "2.html"):
        assert run(tmp_path / "r", "-o", tmp_path / name) == 0
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_processes_of_one_revision_within_an_hour_are_one_point(tmp_path: Path, capsys) -> None:
    """A slow hour is one point, however many processes ran in it."""
    for day in range(6):
        for run_number in range(4):
            date = f"2026-01-{day + 1:02}T10:{10 * run_number:02}:00+00:00"
            write(tmp_path, day, {ROW: 2.0 if day == 5 else 1.0}, name=f"{day}-{run_number}.json",
                  date=date, git_revision=f"{day}" * 12)  # fmt: skip
    runs, _ = series.read_folder(tmp_path)
    (found,) = series.series(runs, ["time"], Rule())
    assert [point.value for point in found.points] == pytest.approx([1e-3] * 5 + [2e-3])
    assert found.changes == ()
    # The same revision another day is another point.
    write(tmp_path, 6, {ROW: 4.0}, git_revision="5" * 12)
    runs, _ = series.read_folder(tmp_path)
    assert len(series.series(runs, ["time"], Rule())[0].points) == 7


def test_machines_are_separate(tmp_path: Path, capsys) -> None:
    """A slower machine in the second half is not a change of the program."""
    for day in range(10):
        gpu = {"gpu_name": "a GPU"} if day < 5 else {"gpu_name": "another GPU"}
        write(tmp_path / f"r/{day}", day, {ROW: 1.0 if day < 5 else 2.0}, **gpu)
    assert run(tmp_path / "r", "-o", tmp_path / "page.html") == 0
    assert "10 files. 0 of 2 series changed." in capsys.readouterr().out
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<h2>a GPU, a CPU</h2>" in text
    assert "<h2>another GPU, a CPU</h2>" in text


def test_counters_and_flags(tmp_path: Path, capsys) -> None:
    for day in range(8):
        write(tmp_path / "r", day, {ROW: 1.0 if day < 4 else 1.1})
    assert run(tmp_path / "r", "--counters=items_per_second") == 0
    said = capsys.readouterr().out
    assert "2 of 2 series changed" in said
    assert "SLOWER +10.0%" in said
    assert "WORSE -9.1%" in said
    assert run(tmp_path / "r", "--minimum=20%") == 0
    assert "0 of 1 series changed" in capsys.readouterr().out
    assert run(tmp_path / "r", "--segment=5") == 0
    assert "0 of 1 series changed" in capsys.readouterr().out
    for wrong in ("--minimum=0%", "--minimum=x", "--segment=1", "--counters=macs"):
        with pytest.raises(SystemExit) as ended:
            run(tmp_path / "r", wrong)
        assert ended.value.code == 2
        assert repr(wrong.split("=")[1]) in capsys.readouterr().err


def test_files_that_cannot_be_used_are_skipped(tmp_path: Path, capsys) -> None:
    for day in range(3):
        write(tmp_path, day, {ROW: 1.0})
    (tmp_path / "broken.json").write_text('{"context": {')
    write(tmp_path, 4, {ROW: 1.0}, name="undated.json", date="yesterday")
    write(tmp_path, 5, {}, name="without_rows.json")
    (tmp_path / "notes.txt").write_text("no result")
    assert run(tmp_path) == 0
    found = capsys.readouterr()
    assert "3 files. 0 of 1 series changed." in found.out
    assert "broken.json: not Google Benchmark JSON" in found.err
    assert "undated.json: context.date is 'yesterday', not a date" in found.err
    assert "without_rows.json: no row was measured" in found.err
    assert "notes.txt" not in found.err


def test_refusals(tmp_path: Path, capsys) -> None:
    assert run(tmp_path) == 2
    assert "no *.json in this folder" in capsys.readouterr().err
    assert run(tmp_path / "nowhere") == 2
    assert "nowhere: no such folder" in capsys.readouterr().err
    (tmp_path / "r.json").write_text("{")
    assert run(tmp_path) == 2
    assert "none of its 1 files is usable" in capsys.readouterr().err
    write(tmp_path, 1, {ROW: 1.0}, name="r.json")
    assert run(tmp_path, "-o", tmp_path / "r.json" / "page.html") == 2
    assert "r.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("{1}", "{3}", ["Day 3", "Day 2"]),
        ("{3}", "{3}", ["{3} .. {3}: no commit between"]),
        ("{1}", "{2}-dirty", ["Day 2", "{1} .. {2}-dirty: built with changes"]),
        ("0123456789ab", "{3}", ["0123456789ab .. {3} (not known in this repository)"]),
        ("", "{3}", ["no revision .. {3}"]),
        ("--output=x", "{3}", ["--output=x .. {3}"]),
    ],
)
def test_commits_between(before: str, after: str, lines: list[str], repository) -> None:
    where, hashes = repository
    found = commits.between(where, before.format(*hashes), after.format(*hashes))
    assert len(found) == len(lines)
    for line, part in zip(found, lines, strict=True):
        assert part.format(*hashes) in line
    if before.startswith("{"):
        (line,) = commits.between(where.parent, *hashes[1:3])
        assert "not known in this repository" in line


def test_a_series_goes_on_under_the_name_of_today(tmp_path: Path) -> None:
    row = "LoadModel/resnet18/full/cuda/{}=pinned/manual_time"
    write(tmp_path, 0, {row.format("transfer"): 1})
    write(tmp_path, 1, {row.format("weight_transfer"): 2})
    runs, _ = series.read_folder(tmp_path)
    (found,) = series.series(runs, ["time"], Rule())
    assert found.name == row.format("weight_transfer")
    assert [point.value for point in found.points] == [0.001, 0.002]
