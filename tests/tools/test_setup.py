# SPDX-License-Identifier: Apache-2.0
"""The set-up script refuses what does not fit by name, and prints where its Python is."""

from __future__ import annotations

import hashlib
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
    for name in ("bash", "cut", "dirname", "head", "id", "sed", "sha256sum", "sort", "mkdir", "cat",
                 "flock", "rm", "env", "touch"):  # fmt: skip
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


def run(stubs: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {"PATH": str(stubs), "HOME": str(stubs.parent), **variables}
    return subprocess.run(
        [SETUP, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse_and_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


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
