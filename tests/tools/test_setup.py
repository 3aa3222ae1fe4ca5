# SPDX-License-Identifier: Apache-2.0
"""The set-up script names what is missing or too old, and installs its Python completely."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from stubbed_scripts import ROOT, SETUP, add, run

SCRIPTS = [*sorted((ROOT / "tools").glob("*.sh")), ROOT / ".ci/run"]


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


def test_help_of_the_set_up_names_the_cpu(stubs: Path) -> None:
    assert "tools/setup.sh --cpu" in run(stubs, "--help").stdout
