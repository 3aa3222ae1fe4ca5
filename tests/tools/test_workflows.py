# SPDX-License-Identifier: Apache-2.0
"""The workflows of continuous integration: they parse, call scripts that exist, and pin what they
use. A job with write access neither builds nor measures."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

_FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
_SCRIPTS = sorted(path for path in (ROOT / ".ci").iterdir() if path.is_file())
# Programs of the runner that a step may call by themselves.
_TRIVIAL = {"sudo", "cmake"}


def parse(path: Path) -> dict:
    import yaml

    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true.
    return {"on" if key is True else key: value for key, value in document.items()}


def steps(path: Path) -> list[tuple[str, dict]]:
    jobs = parse(path)["jobs"]
    return [(name, step) for name, job in jobs.items() for step in job["steps"]]


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_workflow_parses_and_its_needs_exist(path: Path) -> None:
    workflow = parse(path)
    assert {"name", "on", "permissions", "jobs"} <= set(workflow)
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 90, name
        needs = job.get("needs", [])
        for needed in [needs] if isinstance(needs, str) else needs:
            assert needed in workflow["jobs"], f"{name} needs {needed}"


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_every_step_runs_a_script_that_is_there(path: Path) -> None:
    for name, step in steps(path):
        assert ("run" in step) != ("uses" in step), name
        for line in str(step.get("run", "")).splitlines():
            program = line.split()[0]
            if program not in _TRIVIAL:
                assert os.access(ROOT / program, os.X_OK), f"{name}: {line}"
                assert program.startswith((".ci/", "tools/")), f"{name}: {line}"
        # Text of other people (a title, a branch) reaches a shell only as a variable.
        assert "${{ github.event" not in str(step.get("run", "")), name
        assert "${{ inputs" not in str(step.get("run", "")), name


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_every_action_is_github_s_own_and_pinned_to_a_commit(path: Path) -> None:
    for name, step in steps(path):
        if uses := step.get("uses"):
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", uses), f"{name}: {uses}"
    for line in path.read_text(encoding="utf-8").splitlines():
        if "uses:" in line:
            assert re.search(r" # v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_no_checkout_leaves_credentials(path: Path) -> None:
    for name, step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False, name


def test_jobs_that_write_build_nothing() -> None:
    workflow = parse(ROOT / ".github/workflows/benchmark.yml")
    assert workflow["permissions"] == {"contents": "read"}
    writing = {
        name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job
    }
    assert writing == {
        "comment": {"contents": "read", "pull-requests": "write"},
        "store": {"contents": "write"},
    }
    for name in writing:
        commands = [step["run"].split()[0] for step in workflow["jobs"][name]["steps"]
                    if "run" in step]  # fmt: skip
        assert set(commands) <= {".ci/benchmark-comment", ".ci/benchmark-history"}


def test_a_gate_that_fails_still_leads_to_a_comment() -> None:
    jobs = parse(ROOT / ".github/workflows/benchmark.yml")["jobs"]
    (upload,) = [step for step in jobs["compare"]["steps"] if "upload" in step.get("uses", "")]
    assert upload["if"] == "always()"
    assert jobs["comment"]["if"].startswith("always() &&")
    assert jobs["comment"]["needs"] == "compare"


def test_one_input_chooses_the_runner() -> None:
    workflow = parse(ROOT / ".github/workflows/benchmark.yml")
    assert set(workflow["on"]["workflow_dispatch"]["inputs"]) == {"runner", "devices", "base"}
    for name in ("compare", "measure"):
        assert workflow["jobs"][name]["runs-on"].startswith("${{ inputs.runner ||")
    assert workflow["env"]["TRACKING_DEVICES"].startswith("${{ inputs.devices ||")


def test_continuous_integration_covers_what_contributing_names() -> None:
    jobs = parse(ROOT / ".github/workflows/ci.yml")["jobs"]
    commands = " ".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    assert ".ci/run" in commands
    assert ".ci/lint" in commands
    presets = jobs["without-libtorch"]["strategy"]["matrix"]["preset"]
    assert set(presets) == {"thread-sanitizer", "address-sanitizer", "tidy"}


@pytest.mark.parametrize("script", _SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", script], check=True)
    if not text.startswith("#!"):
        assert "Sourced by" in text
        return
    assert os.access(script, os.X_OK)
    assert re.search(r"^set -(eu|u)o pipefail$", text, re.MULTILINE)


def test_shellcheck() -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck was not found")
    subprocess.run(["shellcheck", *_SCRIPTS], check=True, cwd=ROOT)


@pytest.mark.parametrize("command", [("actionlint",), ("zizmor", "--offline", "--no-progress")])
def test_workflows_have_no_findings(command: tuple[str, ...]) -> None:
    program = Path(sys.executable).parent / command[0]
    found = subprocess.run(
        [program, *command[1:], *_FILES], capture_output=True, text=True, cwd=ROOT
    )
    assert found.returncode == 0, found.stdout + found.stderr
