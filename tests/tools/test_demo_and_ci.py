# SPDX-License-Identifier: Apache-2.0
"""The demo, the tests and .ci/run: their flags, and the exit codes of the programs that they
call."""

import shutil
from pathlib import Path

import pytest
from stubbed_scripts import ROOT, add, run


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The scripts in a folder of their own; set-up, program and report are stubs."""
    root = tmp_path / "a clone"
    for folder in ("tools", ".ci", "build/release"):
        (root / folder).mkdir(parents=True)
    for name in ("tools/demo.sh", "tools/test.sh", ".ci/run"):
        shutil.copy(ROOT / name, root / name)
    add(
        root / "tools",
        "setup.sh",
        '[ "${1:-}" = --print-python ] && echo "${0%/*}/python" || echo "set up $*"',
    )
    add(root / "tools", "python", 'echo "report of ${*:2}"')
    add(
        root / "build/release",
        "model_search_bench",
        'for a in "$@"; do case $a in --benchmark_out=*) out=${a#*=};; esac; done\n'
        'echo "program $*"; [ -z "${ROWS-1}" ] || echo rows > "$out"; exit "${PROGRAM_EXIT:-0}"',
    )
    return root


def test_the_demo_puts_the_flags_of_the_user_last(stubs: Path, clone: Path) -> None:
    photographs = clone / "my photos"
    (photographs / "train").mkdir(parents=True)
    done = run(stubs, "--items=3", f"--data_dir={photographs}", script=clone / "tools/demo.sh")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("set up \n")  # Without the tests.
    assert f"--items=3 --data_dir={photographs}\n" in done.stdout
    report = next(line for line in done.stdout.splitlines() if line.startswith("report of"))
    assert report.endswith(f"/report --data-dir={photographs}")
    last = done.stdout.splitlines()[-1]
    assert last.startswith("The report: ")
    assert last.endswith("/report/index.html")


@pytest.mark.parametrize("gpu", [False, True])
def test_the_demo_measures_what_may_be_changed_for_photographs(
    stubs: Path, clone: Path, gpu: bool
) -> None:
    (clone / "photos/val").mkdir(parents=True)
    add(stubs, "nvidia-smi", f"exit {0 if gpu else 9}")
    done = run(stubs, f"--data_dir={clone}/photos", script=clone / "tools/demo.sh")
    assert done.returncode == 0, done.stderr
    program = next(line for line in done.stdout.splitlines() if line.startswith("program"))
    assert "--modes=serial,prefetch,overlapped" in program
    assert ("--devices=cuda --batch_sizes=128 --items=4096" in program) == gpu


def test_the_demo_takes_a_folder_of_classes(stubs: Path, clone: Path) -> None:
    (clone / "my photos/cats").mkdir(parents=True)
    done = run(stubs, f"--data_dir={clone}/my photos", script=clone / "tools/demo.sh")
    assert done.returncode == 0, done.stderr
    program = next(line for line in done.stdout.splitlines() if line.startswith("program"))
    folder = Path(program.rpartition(" --data_dir=")[2])
    assert folder.name == "my photos"
    assert f"/report --data-dir={folder}\n" in done.stdout
    assert (folder / "train").resolve() == clone / "my photos"


def test_photographs_without_classes_are_reported_before_the_set_up(
    stubs: Path, clone: Path
) -> None:
    empty = clone / "empty"
    empty.mkdir()
    done = run(stubs, f"--data_dir={empty}", script=clone / "tools/demo.sh")
    assert done.returncode == 2
    assert f"--data_dir={empty} must contain <class>/*.jpg or train/<class>/*.jpg" in done.stderr
    assert "program" not in done.stdout


@pytest.mark.parametrize(
    ("code", "rows", "report"), [("1", "1", True), ("1", "", False), ("2", "1", False)]
)
def test_the_demo_returns_the_exit_code_of_the_program(
    stubs: Path, clone: Path, code: str, rows: str, report: bool
) -> None:
    done = run(stubs, script=clone / "tools/demo.sh", PROGRAM_EXIT=code, ROWS=rows)
    assert done.returncode == int(code)
    assert ("report of" in done.stdout) == report


def test_the_demo_reports_on_the_file_that_the_user_named(stubs: Path, clone: Path) -> None:
    mine = clone / "mine.json"
    done = run(stubs, f"--benchmark_out={mine}", script=clone / "tools/demo.sh")
    assert f"report of {mine}" in done.stdout


def test_help_sets_nothing_up(stubs: Path, clone: Path) -> None:
    for flags in (["--help"], ["-h"], ["--data_dir=/none", "--help"]):
        done = run(stubs, *flags, script=clone / "tools/demo.sh")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("A first measurement")
        assert "tools/demo.sh --candidates=zoo.json" in done.stdout
        assert "set up" not in done.stdout + done.stderr
        assert "program " not in done.stdout
    assert not (clone / "results").exists()


def test_a_zoo_of_the_user_wins_over_the_demos(stubs: Path, clone: Path) -> None:
    for flag in ("--candidates=mine.json", "--architectures=vit_b_16", "--weights_dir=w"):
        done = run(stubs, flag, script=clone / "tools/demo.sh")
        line = next(line for line in done.stdout.splitlines() if line.startswith("program"))
        assert line.endswith(f" {flag}")
        assert line.count("--candidates=") == flag.count("--candidates=")
        assert "--architectures=" not in line.removesuffix(flag)
        assert "--benchmark_filter" not in line
        assert "make_zoo" not in done.stderr
    done = run(stubs, script=clone / "tools/demo.sh")
    line = next(line for line in done.stdout.splitlines() if line.startswith("program"))
    assert "/demo-zoo-1/zoo.json" in line
    assert "--plans=one_by_one,decode_once,shared" in line


PASSED = "100% tests passed, 0 tests failed out of 3"
FAILED = "67% tests passed, 1 tests failed out of 3"


@pytest.mark.parametrize(
    ("closing", "ctest", "program", "fails"),
    [(PASSED, 0, "0", False), (PASSED, 0, "1", True), (FAILED, 8, "0", True)],
)
def test_ci_ends_with_the_count_of_ctest_and_fails_with_either(
    stubs: Path, clone: Path, closing: str, ctest: int, program: str, fails: bool
) -> None:
    add(stubs, "ctest", f"echo '{closing}'; echo 'Total Test time = 1 sec'; exit {ctest}")
    tests = run(stubs, script=clone / "tools/test.sh")
    assert (tests.returncode, tests.stdout.splitlines()[-1]) == (ctest, closing)
    assert tests.stdout.startswith("set up --tests\n")
    done = run(stubs, script=clone / ".ci/run", PROGRAM_EXIT=program)
    assert done.stdout.splitlines()[-1] == closing
    assert (done.returncode != 0) == fails
    assert ("program" in done.stdout) == (ctest == 0)
