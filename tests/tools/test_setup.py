# SPDX-License-Identifier: Apache-2.0
"""The set-up script names what is missing or too old, and installs its Python once and completely.
The demo, the tests and .ci/run return the exit codes of the programs that they call."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "tools/setup.sh"
SCRIPTS = [*sorted((ROOT / "tools").glob("*.sh")), ROOT / ".ci/run"]


@pytest.fixture
def stubs(tmp_path: Path) -> Path:
    """A folder for PATH with the real basic commands and a dpkg-query that has every package."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "cut", "dirname", "head", "id", "sed", "sha256sum", "sort", "mkdir", "ln",
                 "cat", "flock", "rm", "env", "touch", "date", "grep", "mktemp", "nproc", "sleep",
                 "tail", "tee", "cp"):  # fmt: skip
        (folder / name).symlink_to(shutil.which(name))
    add(folder, "dpkg-query", "echo -n installed")
    add(folder, "g++", "echo 12.2.0")
    add(folder, "cmake", "echo cmake version 3.25.1")
    add(folder, "ninja", "echo 1.11")
    add(folder, "nvcc", "echo 'Cuda compilation tools, release 13.0, V13.0.48'")
    return folder


def add(folder: Path, name: str, body: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(f"#!/bin/bash\n{body}\n")
    (folder / name).chmod(0o755)


def run(
    stubs: Path, *arguments: str, script: Path = SETUP, **variables: str
) -> subprocess.CompletedProcess:
    environment = {"PATH": str(stubs), "HOME": str(stubs.parent), **variables}
    return subprocess.run(
        [script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse_and_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", script], check=True)


def test_print_python_is_keyed_by_the_requirements(stubs: Path) -> None:
    key = hashlib.sha256((ROOT / "tools/requirements.txt").read_bytes()).hexdigest()[:12]
    done = run(stubs, "--print-python", MODEL_SEARCH_CACHE="/some where")
    assert done.stdout == f"/some where/python-{key}/bin/python\n"
    assert run(stubs, "--print-python", MODEL_SEARCH_PYTHON="/my/python").stdout == "/my/python\n"


@pytest.mark.parametrize(
    ("command", "body", "parts"),
    [
        ("g++", "echo 9.4.0", ("g++ 9.4.0", "g++ 11")),
        ("cmake", "echo cmake version 3.22.1", ("CMake 3.22.1", "3.25")),
        ("nvcc", "echo 'release 12.4, V12.4.1'", ("12.4", "13.0", "export PATH")),
        ("python3", "exit 1", ("is not supported", "3.11")),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    stubs: Path, command: str, body: str, parts: tuple[str, ...]
) -> None:
    add(stubs, command, body)
    done = run(stubs, "--no-build")
    assert done.returncode == 1
    for part in parts:
        assert part in done.stderr


@pytest.mark.parametrize("command", ["g++", "cmake", "ninja"])
def test_a_missing_tool_is_named_with_the_command_that_installs_it(
    stubs: Path, command: str
) -> None:
    (stubs / command).unlink()
    done = run(stubs, "--no-build")
    assert done.returncode == 1
    assert f"{command} was not found" in done.stderr
    assert "apt-get install" in done.stderr


def test_missing_packages_are_installed_by_apt(stubs: Path, tmp_path: Path) -> None:
    add(stubs, "dpkg-query", '[ "${!#}" = libstb-dev ] || echo -n installed')
    add(stubs, "id", "echo 0")
    add(stubs, "apt-get", f'echo "$@" >> {tmp_path}/apt')
    run(stubs, "--no-build", MODEL_SEARCH_PYTHON="/nowhere")
    calls = (tmp_path / "apt").read_text().splitlines()
    assert calls == ["update -qq", "install -y -qq libstb-dev"]


@pytest.mark.parametrize(
    ("system", "flags", "installed"),
    [
        ("debian", ["--tests"], "chromium chromium-driver"),
        ("debian", [], ""),
        ("ubuntu", ["--tests"], ""),
    ],
)
def test_a_browser_is_installed_for_tests_only(
    stubs: Path, tmp_path: Path, system: str, flags: list[str], installed: str
) -> None:
    script = tmp_path / "clone/tools/setup.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tools/requirements.txt", script.parent)
    script.write_text(SETUP.read_text().replace("/etc/os-release", f"{tmp_path}/os-release"))
    script.chmod(0o755)
    (tmp_path / "os-release").write_text(f"NAME=any\nID={system}\n")
    add(stubs, "dpkg-query", "case ${!#} in chromium*) ;; *) echo -n installed ;; esac")
    add(stubs, "id", "echo 0")
    add(stubs, "apt-get", f'echo "$@" >> {tmp_path}/apt')
    run(stubs, "--no-build", *flags, script=script, MODEL_SEARCH_PYTHON="/nowhere")
    calls = (tmp_path / "apt").read_text() if (tmp_path / "apt").exists() else ""
    assert calls == (f"update -qq\ninstall -y -qq {installed}\n" if installed else "")


def test_without_root_the_packages_are_listed(stubs: Path) -> None:
    add(stubs, "dpkg-query", '[ "${!#}" = ccache ] || echo -n installed')
    add(stubs, "id", "echo 1000")
    done = run(stubs, "--no-build")
    assert done.returncode == 1
    assert "apt-get install -y ccache" in done.stderr


def test_a_python_without_torch_is_refused(stubs: Path) -> None:
    add(stubs, "no_torch", "exit 1")
    done = run(stubs, "--no-build", MODEL_SEARCH_PYTHON=str(stubs / "no_torch"))
    assert done.returncode == 1
    assert "has no torch" in done.stderr


def test_an_unknown_flag_is_refused_with_the_choices(stubs: Path) -> None:
    done = run(stubs, "--fast")
    assert done.returncode == 1
    assert "--no-build" in done.stderr


@pytest.fixture
def without_cuda(stubs: Path, tmp_path: Path) -> Path:
    """The set-up script where /usr/local has no CUDA; one may be put in TMP_PATH/cuda/bin."""
    (stubs / "nvcc").unlink()
    script = tmp_path / "clone/tools/setup.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tools/requirements.txt", script.parent)
    script.write_text(SETUP.read_text().replace("/usr/local/", f"{tmp_path}/"))
    script.chmod(0o755)
    return script


def test_a_missing_cuda_toolkit_is_named_with_the_version(stubs: Path, without_cuda: Path) -> None:
    done = run(stubs, "--no-build", script=without_cuda)
    assert done.returncode == 1
    assert "CUDA Toolkit was not found" in done.stderr
    assert "cuda-toolkit-13-0" in done.stderr


def test_cuda_is_found_where_it_is_not_on_the_path(
    stubs: Path, without_cuda: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "cuda/bin"
    folder.mkdir(parents=True)
    add(folder, "nvcc", "echo 'release 13.0, V13.0.48'")
    add(stubs, "my_python", "exit 0")
    add(stubs, "cmake", '[ "$1" = --version ] && echo cmake version 3.25.1 || echo "$PATH"')
    done = run(stubs, script=without_cuda, MODEL_SEARCH_PYTHON=str(stubs / "my_python"))
    assert done.returncode == 0, done.stderr
    assert f"{folder}:" in done.stderr  # The build searches it too.


@pytest.mark.parametrize(
    ("flags", "preset"),
    [
        ([], "program"),
        (["--tests"], "release"),
        (["--tests", "--no-build"], ""),
        (["--no-build", "--tests"], ""),
    ],
)
def test_tests_are_built_only_where_they_are_asked_for(
    stubs: Path, flags: list[str], preset: str
) -> None:
    add(stubs, "my_python", "exit 0")
    add(stubs, "cmake", '[ "$1" = --version ] && echo cmake version 3.25.1 || echo "called $*"')
    done = run(stubs, *flags, MODEL_SEARCH_PYTHON=str(stubs / "my_python"))
    assert done.returncode == 0, done.stderr
    called = [line for line in done.stderr.splitlines() if line.startswith("called")]
    assert called == ([f"called --workflow --preset {preset}"] if preset else [])


def test_the_preset_program_builds_no_test() -> None:
    presets = json.loads((ROOT / "CMakePresets.json").read_text())
    (build,) = [preset for preset in presets["buildPresets"] if preset["name"] == "program"]
    assert (build["configurePreset"], build["targets"]) == ("release", ["program"])
    (workflow,) = [preset for preset in presets["workflowPresets"] if preset["name"] == "program"]
    assert workflow["steps"][-1] == {"type": "build", "name": "program"}


def test_cmake_refuses_another_cuda_version_by_name(tmp_path: Path) -> None:
    toolkit = tmp_path / "cuda 12"
    for name in ("bin", "include", "lib64"):
        (toolkit / name).mkdir(parents=True)
    add(toolkit / "bin", "nvcc", "echo 'Cuda compilation tools, release 12.4, V12.4.131'")
    (toolkit / "include/cuda_runtime.h").touch()
    (toolkit / "lib64/libcudart.so").touch()
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(refused LANGUAGES CXX)\n"
        f"include({ROOT}/tools/cmake/LibTorch.cmake)\n"
    )
    done = subprocess.run(
        [
            "cmake",
            "-G",
            "Ninja",
            "-S",
            tmp_path,
            "-B",
            tmp_path / "b",
            f"-DCUDAToolkit_ROOT={toolkit}",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    message = " ".join(done.stderr.split())
    assert "CUDA Toolkit 12.4 was found" in message
    assert "needs 13.0" in message


@pytest.fixture
def installing(stubs: Path, tmp_path: Path) -> Path:
    """A python3 whose environments have a pip that notes each call in the file returned."""
    calls = tmp_path / "pip calls"
    add(stubs, "pip_stub", f'echo "$@" >> "{calls}"; sleep 0.3; exit "${{PIP_EXIT:-0}}"')
    add(stubs, "python3", '[ "$1" = -c ] || { mkdir -p "$3/bin" && cp "${0%/*}/pip_stub" '
        '"$3/bin/python"; }')  # fmt: skip
    return calls


def test_two_setups_at_once_install_once(stubs: Path, installing: Path, tmp_path: Path) -> None:
    environment = {"PATH": str(stubs), "HOME": "/", "MODEL_SEARCH_CACHE": f"{tmp_path}/a cache"}
    both = [subprocess.Popen([SETUP, "--no-build"], env=environment) for _ in range(2)]
    assert [process.wait(timeout=30) for process in both] == [0, 0]
    assert len(installing.read_text().splitlines()) == 1
    assert len(list((tmp_path / "a cache").glob("python-*/complete"))) == 1


def test_a_failed_installation_is_made_anew(stubs: Path, installing: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    failed = run(stubs, "--no-build", MODEL_SEARCH_CACHE=cache, PIP_EXIT="1")
    assert failed.returncode == 1
    assert "pip could not install" in failed.stderr
    for _ in range(2):  # The second finds it complete.
        assert run(stubs, "--no-build", MODEL_SEARCH_CACHE=cache).returncode == 0
    assert len(installing.read_text().splitlines()) == 2


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
    add(root / "tools", "python", 'echo "report of $2"')
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
    assert "report of" in done.stdout
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
    done = run(stubs, "--help")
    assert "tools/setup.sh --cpu" in done.stdout


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


def test_the_set_up_without_cuda_stays_without(stubs: Path, without_cuda: Path) -> None:
    add(stubs, "my_python", "exit 0")
    add(stubs, "cmake", '[ "$1" = --version ] && echo cmake version 3.25.1 || echo "called $*"')
    variables = {"MODEL_SEARCH_PYTHON": str(stubs / "my_python")}
    done = run(stubs, "--cpu", script=without_cuda, **variables)
    assert done.returncode == 0, done.stderr
    assert "called --preset release -DMODEL_SEARCH_CUDA=OFF" in done.stderr
    assert "called --workflow --preset program" in done.stderr
    assert "tools/setup.sh --cpu" in run(stubs, script=without_cuda, **variables).stderr
    cache = without_cuda.parents[1] / "build/release/CMakeCache.txt"
    cache.parent.mkdir(parents=True)
    cache.write_text("MODEL_SEARCH_CUDA:BOOL=OFF\n")
    assert run(stubs, script=without_cuda, **variables).returncode == 0


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
