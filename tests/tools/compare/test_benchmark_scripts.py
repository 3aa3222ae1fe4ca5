# SPDX-License-Identifier: Apache-2.0
"""The scripts of .ci/ that benchmark.yml calls, with invented programs, a repository and gh."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from paired_programs import FAKE, ROW

CI = Path(__file__).parents[3] / ".ci"
MARKER = "<!-- model-search-bench: paired run -->"


def run(
    script: str, *arguments: object, script_folder: Path = CI, **variables: object
) -> subprocess.CompletedProcess:
    outside = {key: value for key, value in os.environ.items()
               if not key.startswith(("TRACKING_", "GITHUB_", "GIT_"))}  # fmt: skip
    variables = {"MODEL_SEARCH_PYTHON": sys.executable} | variables
    return subprocess.run(
        [script_folder / script, *map(str, arguments)], capture_output=True, text=True,
        stdin=subprocess.DEVNULL, env=outside | {key: str(v) for key, v in variables.items()},
    )  # fmt: skip


def compared(programs, out: Path, new: dict, **variables: object) -> subprocess.CompletedProcess:
    base, head = programs("base", noise=0.002), programs("head", **new)
    return run("benchmark-pull-request", TRACKING_BASE_BINARY=base, TRACKING_HEAD_BINARY=head,
               TRACKING_OUT=out, **variables)  # fmt: skip


@pytest.mark.parametrize(
    ("what", "new", "variables", "code", "parts"),
    [
        ("the same", {}, {}, 0, ["Passed", "`slower:5%`", "**1 SAME**"]),
        ("slower", {"rows": {ROW: 0.012}}, {}, 1, ["**Failed**", "SLOWER", "+20.0%", ROW]),
        ("slow enough", {"rows": {ROW: 0.012}}, {"TRACKING_FAIL_IF": "slower:50%"}, 0, ["Passed"]),
        ("another library", {"context": {"libtorch_version": "3"}}, {}, 3,
         ["conditions differ", "libtorch_version (library): not recorded and '3'"]),
        ("it is allowed", {"context": {"libtorch_version": "3"}},
         {"TRACKING_ALLOW_DIFFERENT": "library"}, 0, ["Passed"]),
        ("a crash", {"crash_in": [0]}, {}, 2, ["exit code 2", "wrote no results"]),
        ("a wrong gate", {}, {"TRACKING_FAIL_IF": "faster"}, 2, ["'faster': write slower:5%"]),
    ],
)  # fmt: skip
def test_a_pull_request_gets_its_comment_whatever_the_verdict(
    what: str, new: dict, variables: dict, code: int, parts: list[str], programs, tmp_path: Path
) -> None:
    out, summary = tmp_path / "out", tmp_path / "summary.md"
    done = compared(programs, out, new, GITHUB_STEP_SUMMARY=summary, **variables)
    assert done.returncode == code, what + done.stderr
    comment = (out / "comment.md").read_text()
    assert comment.startswith(MARKER + "\n")
    for part in parts:
        assert part in comment, what
    assert summary.read_text() == comment


def test_the_chosen_rows_and_devices_reach_the_program(programs, tmp_path: Path) -> None:
    rows = {ROW: 0.01, "Score/resnet18/full/cpu/manual_time": 0.01}
    compared(programs, tmp_path / "out", {"rows": rows}, TRACKING_DEVICES="cuda",
             TRACKING_FLAGS="--benchmark_filter=Inference --items=8")  # fmt: skip
    first = json.loads((tmp_path / "out/rounds/new/round-001.json").read_text())
    assert [row["name"] for row in first["benchmarks"]] == [ROW]


def test_base_and_change_are_built_from_their_revisions(tmp_path: Path) -> None:
    """In a repository whose set-up "builds" the invented program with the revision's settings."""
    clone = tmp_path / "clone"
    shutil.copytree(CI, clone / ".ci")
    shutil.copytree(CI.parent / "tools", clone / "tools",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    (clone / "tools/setup.sh").write_text(
        '#!/bin/bash\nset -e\ncd "$(dirname "$0")/.."\n'
        f'[ "$1" != --print-python ] || {{ echo {sys.executable}; exit; }}\n'
        f"mkdir -p build/release\ncp {FAKE} build/release/model_search_bench\n"
        "cp settings build/release/model_search_bench.settings\n"
    )

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=test", "-c", "user.email=test")
        done = subprocess.run(["git", "-C", clone, *identity, *arguments], check=True,
                              capture_output=True, text=True)  # fmt: skip
        return done.stdout

    git("init", "-q")
    for seconds in (0.01, 0.012):
        (clone / "settings").write_text(json.dumps({"rows": {ROW: seconds}, "noise": 0.002}))
        git("add", "-A")
        git("commit", "-q", "-m", f"{seconds}")
    done = run("benchmark-pull-request", script_folder=clone / ".ci", TRACKING_BASE="HEAD~1",
               TRACKING_OUT=tmp_path / "out")  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "+20" in (tmp_path / "out/comment.md").read_text()
    assert len(git("worktree", "list").splitlines()) == 1


def test_a_base_that_is_not_there_is_named(programs, tmp_path: Path) -> None:
    done = run("benchmark-pull-request", TRACKING_HEAD_BINARY=programs("head"),
               TRACKING_BASE="no-such-revision", TRACKING_OUT=tmp_path / "out")  # fmt: skip
    assert done.returncode == 2
    assert "TRACKING_BASE=no-such-revision" in done.stderr
    assert "could not be built" in (tmp_path / "out/comment.md").read_text()


def test_the_real_program_takes_the_chosen_flags(program_binary: Path) -> None:
    """Sourced as the scripts do it, with a flag of the user's after them."""
    done = subprocess.run(
        ["bash", "-euc", f'. "{CI}/benchmark-rows"; "{program_binary}" "${{rows[@]}}" '
         "--benchmark_list_tests"],
        capture_output=True, text=True,
        env=os.environ | {"TRACKING_FLAGS": "--batches=30 --benchmark_filter=Inference"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("Inference/")]
    assert len(rows) == 4
    assert not [line for line in done.stdout.splitlines() if line.startswith("LoadData/")]


def test_the_real_program_goes_through_main(program_binary: Path, tmp_path: Path) -> None:
    flags = "--batches=3 --warmup_batches=1 --benchmark_filter=LoadModel/resnet18/full"
    done = run("benchmark-main", TRACKING_BINARY=program_binary, TRACKING_RUNS=2,
               TRACKING_OUT=tmp_path / "out", TRACKING_HISTORY=tmp_path / "history",
               TRACKING_FLAGS=flags)  # fmt: skip
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads((tmp_path / "out/store/smaller.json").read_text())
    assert entry["name"] == "LoadModel/resnet18/full/cpu/manual_time"
    assert "2 files. 0 of 1 series changed." in done.stdout


@pytest.mark.parametrize("failing", [False, True])
def test_main_is_measured_exported_and_added_to_the_history(
    failing: bool, programs, tmp_path: Path
) -> None:
    history, out = tmp_path / "history", tmp_path / "out"
    history.mkdir()
    for day in range(3):
        earlier = {"context": {"date": f"2026-01-0{day + 1}T00:00:00+00:00", "cpu_model": "a CPU"},
                   "benchmarks": [{"name": ROW, "real_time": 10.0, "time_unit": "ms"}]}  # fmt: skip
        (history / f"{day}.json").write_text(json.dumps(earlier))
    fail = {"fail": {"broken": "out of memory"}, "exit": 1} if failing else {}
    binary = programs("main", rows={ROW: 0.01, "broken": 0.01},
                     context={"date": "2026-01-09T00:00:00+00:00"}, **fail)  # fmt: skip
    done = run("benchmark-main", TRACKING_BINARY=binary, TRACKING_RUNS=2, TRACKING_OUT=out,
               TRACKING_HISTORY=history, GITHUB_STEP_SUMMARY=tmp_path / "summary.md")  # fmt: skip
    assert done.returncode == failing, done.stderr
    assert len(list(history.glob("*.json"))) == 5
    assert len(list((out / "store/history").iterdir())) == 2
    smaller = json.loads((out / "store/smaller.json").read_text())
    assert [entry["name"] for entry in smaller] == ([ROW] if failing else [ROW, "broken"])
    assert smaller[0]["extra"].startswith("runs: 2\n")
    assert ROW in (out / "store/history.html").read_text()
    assert f"5 files. 0 of {1 if failing else 2} series changed." in done.stdout
    assert "series changed" in (tmp_path / "summary.md").read_text()


def test_main_that_cannot_be_measured_fails(programs, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("benchmark-main", TRACKING_BINARY=programs("main", exit=2), TRACKING_OUT=out,
               TRACKING_HISTORY=tmp_path / "history")  # fmt: skip
    assert done.returncode == 2
    assert not (out / "store/smaller.json").exists()
    done = run("benchmark-main", TRACKING_RUNS="many", TRACKING_OUT=out)
    assert done.returncode == 2
    assert "TRACKING_RUNS=many" in done.stderr


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose origin is a bare repository with one commit."""
    folder = tmp_path / "clone"
    for command in (
        ["git", "init", "-q", "--bare", tmp_path / "origin"],
        ["git", "clone", "-q", tmp_path / "origin", folder],
        ["git", "-C", folder, "config", "user.name", "test"],
        ["git", "-C", folder, "config", "user.email", "test"],
        ["git", "-C", folder, "commit", "-q", "--allow-empty", "-m", "First"],
        ["git", "-C", folder, "push", "-q", "origin", "HEAD"],
    ):
        subprocess.run(command, check=True, capture_output=True)
    return folder


def test_the_history_is_a_branch_of_its_own(clone: Path, tmp_path: Path) -> None:
    def kept(verb: str, folder: Path) -> subprocess.CompletedProcess:
        return run("benchmark-history", verb, folder, TRACKING_REPOSITORY=clone)

    fetched = tmp_path / "fetched"
    assert kept("fetch", fetched).returncode == 0
    assert list(fetched.iterdir()) == []  # The branch does not exist yet.
    for number, page in enumerate(("old", "new")):
        store = tmp_path / f"store {number}"
        (store / "history").mkdir(parents=True)
        (store / "history" / f"{number}.json").write_text(str(number))
        (store / "history.html").write_text(page)
        done = kept("store", store)
        assert done.returncode == 0, done.stderr
    assert kept("fetch", fetched).returncode == 0
    files = {str(p.relative_to(fetched)): p.read_text() for p in fetched.rglob("*") if p.is_file()}
    assert files == {"history/0.json": "0", "history/1.json": "1", "history.html": "new"}
    log = ["git", "-C", tmp_path / "origin", "rev-list", "--count", "benchmark-history"]
    assert subprocess.run(log, capture_output=True, text=True).stdout.strip() == "2"
    # The checkout is untouched.
    status = subprocess.run(["git", "-C", clone, "status", "--short"], capture_output=True)
    assert status.stdout == b""


def test_a_history_that_cannot_be_kept_fails(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for arguments, part in (
        (["store", tmp_path / "store"], "store contains no files"),
        (["store", tmp_path / "none"], "none is not a folder"),
        (["drop", tmp_path / "store"], "'drop' is unknown"),
        (["fetch"], "1 arguments"),
    ):
        done = run("benchmark-history", *arguments, TRACKING_REPOSITORY=clone)
        assert done.returncode == 2
        assert part in done.stderr
    shutil.rmtree(tmp_path / "origin")
    done = run("benchmark-history", "fetch", tmp_path / "out", TRACKING_REPOSITORY=clone)
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("known", "call"),
    [("", "--method POST repos/owner/name/issues/7/comments"),
     ("41\n42\n", "--method PATCH repos/owner/name/issues/comments/41")],
)  # fmt: skip
def test_a_comment_is_written_once_and_then_kept_up_to_date(
    known: str, call: str, tmp_path: Path
) -> None:
    stubs = tmp_path / "bin"
    stubs.mkdir()
    (stubs / "gh").write_text(
        f'#!/bin/bash\necho "$@" >> "{tmp_path}/calls"\n'
        f'case "$*" in *--paginate*) printf "{known}" ;; *) cp "${{!#/#body=@/}}" '
        f'"{tmp_path}/body" ;; esac\n'
    )
    (stubs / "gh").chmod(0o755)
    (tmp_path / "comment.md").write_text(f"{MARKER}\ntable " + "x" * 70000)
    variables = {"PATH": f"{stubs}:{os.environ['PATH']}", "PULL_REQUEST": 7,
                 "GITHUB_REPOSITORY": "owner/name"}  # fmt: skip
    done = run("benchmark-comment", tmp_path / "comment.md", **variables)
    assert done.returncode == 0, done.stderr
    look, write = (tmp_path / "calls").read_text().splitlines()
    assert "--paginate repos/owner/name/issues/7/comments" in look
    assert call in write
    body = (tmp_path / "body").read_text()
    assert body.startswith(f"{MARKER}\ntable")
    assert len(body) == 60000
    # A text without the marker is refused.
    (tmp_path / "comment.md").write_text("table")
    assert run("benchmark-comment", tmp_path / "comment.md", **variables).returncode == 2
    assert run("benchmark-comment", tmp_path / "comment.md", GITHUB_REPOSITORY="o/n").returncode
