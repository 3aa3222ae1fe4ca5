# SPDX-License-Identifier: Apache-2.0
"""Every command of the README, CONTRIBUTING and the folders' READMEs is run or parse-checked, and
every file that they link to exists."""

import glob
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import readme_commands
from conftest import ROOT
from readme_commands import Block

_README = ROOT / "README.md"
_TEXT = _README.read_text(encoding="utf-8") if _README.is_file() else ""
_DOCUMENTS = [_README, ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("*/README.md"))]
_BLOCKS = [
    block
    for document in _DOCUMENTS
    for block in readme_commands.blocks(document.read_text(encoding="utf-8"))
]
_COMMANDS = [command for block in _BLOCKS for command in readme_commands.commands(block.text)]
_LINKS = sorted(
    {
        (document.relative_to(ROOT).as_posix(), target)
        for document in _DOCUMENTS
        for target in readme_commands.links(document.read_text(encoding="utf-8"))
    }
)
_FOLDERS = (".ci", ".github", "benchmarks", "datasets", "fixtures", "reports", "tests", "tools")
# Programs of the system: their block's syntax is checked, and what `_check` knows of them.
_SYSTEM = {
    "apt", "apt-get", "cat", "cd", "cmake", "cp", "ctest", "curl", "echo", "export", "git", "head",
    "less", "ls", "mkdir", "mv", "nproc", "nsys", "numactl", "source", "tail", "tar", "taskset",
    "unzip", "wget", "xdg-open",
}  # fmt: skip
_BINARY = Path(
    os.environ.get("MODEL_SEARCH_BINARY", ROOT / "build" / "release" / "model_search_bench")
)
# Tools that take flags of the program, too.
_PASSES_FLAGS_ON = {"calibrate_comparison.py", "paired_run.py"}
_SCHEMA = json.loads((ROOT / "tools/results/schema.json").read_text(encoding="utf-8"))
_PROGRAM_FLAGS = [row["flag"] for kind in ("axes", "settings") for row in _SCHEMA[kind]] + ["steps"]
_HAS_GPU = Path("/dev/nvidia0").exists()


def test_the_readme_exists_and_has_commands() -> None:
    assert _README.is_file(), f"{_README} is missing"
    assert _COMMANDS, "README.md has no fenced bash or console block"


@pytest.mark.parametrize(("document", "target"), _LINKS)
def test_linked_files_exist(document: str, target: str) -> None:
    file = (ROOT / document).parent / target
    assert file.exists(), f"{document} links to {target}, which is not there"


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda path: path.parent.name + path.name)
def test_the_contents_of_a_document_lead_to_its_sections(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        assert anchor in anchors, f"{document}: no section #{anchor}"


def test_the_readme_is_short() -> None:
    assert len(_TEXT.splitlines()) < 120


@pytest.mark.parametrize("path", sorted(set(readme_commands.named_paths(_TEXT, _FOLDERS))))
def test_named_files_exist(path: str) -> None:
    assert (ROOT / path).exists(), f"README.md names {path}, which is not there"


@pytest.mark.parametrize("block", _BLOCKS, ids=lambda block: block.text.splitlines()[0][:60])
def test_syntax_of_blocks(block: Block) -> None:
    _run(["bash", "-n"], stdin=block.text)
    if block.run:
        _run(["bash", "-euo", "pipefail"], stdin=block.text)


@pytest.mark.parametrize("command", _COMMANDS, ids=lambda command: " ".join(command)[:80])
def test_commands(command: list[str]) -> None:
    check(command)


def check(command: list[str]) -> None:
    """Parse-check one command by the rule of its program; an unknown program fails."""
    program, *arguments = command
    name = Path(program).name
    for argument in arguments:
        _check_path(argument)
    if name == "model_search_bench":
        _check_our_flags(arguments)
    elif name.startswith("python"):
        if arguments and arguments[0].endswith(".py"):
            _check_python(arguments[0], arguments[1:])
        else:
            assert arguments[:1] in (["-m"], ["-c"], ["--version"]), f"{command}: no rule for it"
    elif name == "bash" or name == "sh":
        _check_script(arguments[0])
    elif name.endswith(".py"):
        _check_python(program, arguments)
    elif "/" in program:
        _check_script(program)
    else:
        assert name in _SYSTEM, f"{name}: no rule of this test covers it; add one"
        _check_presets(name, arguments)


def _check_path(argument: str) -> None:
    """A path into the repository must be there; what a command creates lies elsewhere."""
    path = argument.split("=", 1)[-1].removeprefix("./")
    if re.match(rf"(?:{'|'.join(map(re.escape, _FOLDERS))})/", path) and "<" not in path:
        assert glob.glob(str(ROOT / path)), f"{path}: not there"


def _check_our_flags(arguments: list[str]) -> None:
    if not _BINARY.is_file():
        pytest.skip(f"{_BINARY} is not built")
    if not _HAS_GPU and any("cuda" in argument for argument in arguments):
        # GPU rows are not registered here: parse the flags as they are for the CPU.
        kept = [argument for argument in arguments if "benchmark_filter" not in argument]
        arguments = [argument.replace("cuda", "cpu") for argument in kept]
    kept = [argument for argument in arguments if not argument.startswith("--benchmark_out=")]
    _run([str(_BINARY), *kept, "--benchmark_list_tests"])


def _check_python(script: str, arguments: list[str]) -> None:
    """The tool starts, and its help has every flag."""
    path = ROOT / script
    assert path.is_file(), f"{script}: not there"
    text = _run([sys.executable, str(path), "--help"])
    if path.name in _PASSES_FLAGS_ON:
        text += "".join(f" --{flag}" for flag in _PROGRAM_FLAGS)
    for argument in arguments[: arguments.index("--")] if "--" in arguments else arguments:
        if re.match(r"-{1,2}[A-Za-z]", argument):
            flag = argument.split("=", 1)[0]
            assert re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", text), f"{script}: no {flag}"


def _check_script(script: str) -> None:
    path = ROOT / script
    assert path.is_file(), f"{script}: not there"
    assert os.access(path, os.X_OK), f"{script}: not executable"
    first = path.read_bytes().split(b"\n", 1)[0]
    if first.startswith(b"#!") and b"python" in first:
        _run([sys.executable, "-m", "py_compile", str(path)])
    else:
        assert re.search(rb"\b(ba)?sh\b", first), f"{script}: no shell in its first line"
        _run(["bash", "-n", str(path)])


def _check_presets(name: str, arguments: list[str]) -> None:
    if name not in ("cmake", "ctest"):
        return
    text = " ".join(arguments).replace("--preset=", "--preset ")
    presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    kind = "testPresets" if name == "ctest" else "configurePresets"
    if name == "cmake" and "--workflow" in arguments:
        kind = "workflowPresets"
    elif name == "cmake" and "--build" in arguments:
        kind = "buildPresets"
    known = {preset["name"] for preset in presets[kind] if not preset.get("hidden")}
    for preset in re.findall(r"--preset (\S+)", text):
        assert preset in known, f"{name} --preset {preset}: the presets are {sorted(known)}"


def _run(command: list[str], stdin: str = "") -> str:
    process = subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd=ROOT, check=False, timeout=600
    )
    what = f"{' '.join(command)}\n{stdin}\n{process.stdout}{process.stderr}"
    assert process.returncode == 0, f"exit code {process.returncode}: {what}"
    return process.stdout


# The tests below check this test itself on invented Markdown.

_SAMPLE = """
See [the contract](docs/contract.md#names), `tools/report.py -o DIR`, `tools/<name>.py`.

```bash
# a comment
sudo apt-get install -y ccache && tools/setup.sh
build/release/model_search_bench --steps=Inference \\
    --benchmark_filter='resnet18.*batch:8/' > out.json
```

1. In a list:
   ```console
   $ OMP_NUM_THREADS=2 python tools/report.py out.json -o out | tail -1
   Report: out/report.md
   ```

<!-- test: run -->
```bash
echo done
```

```json
{"not": "a command"}
```
"""


def test_commands_are_found() -> None:
    found = readme_commands.blocks(_SAMPLE)
    assert [block.run for block in found] == [False, False, True]
    assert [readme_commands.commands(block.text) for block in found] == [
        [
            ["apt-get", "install", "-y", "ccache"],
            ["tools/setup.sh"],
            [
                "build/release/model_search_bench",
                "--steps=Inference",
                "--benchmark_filter=resnet18.*batch:8/",
            ],
        ],
        [["python", "tools/report.py", "out.json", "-o", "out"], ["tail", "-1"]],
        [["echo", "done"]],
    ]
    assert readme_commands.links(_SAMPLE) == ["docs/contract.md"]
    assert readme_commands.named_paths(_SAMPLE, ("tools",)) == ["tools/report.py"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["tools/none.sh"], "not there"),
        (["tools/requirements.txt"], "not executable"),
        (["python", "tools/none.py"], "not there"),
        (["python", "tools/report.py", "--nonsense", "DIR"], "no --nonsense"),
        (["cmake", "--workflow", "--preset", "fast"], "the presets are"),
        (["ls", "tests/none"], "not there"),
        (["frobnicate"], "no rule"),
    ],
)
def test_wrong_commands_fail(command: list[str], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check(command)


@pytest.mark.parametrize(
    "command",
    [
        ["python", "tools/report.py", "results.json", "-o", "DIR"],
        ["tools/peers/inference_ratio.py", "--device=cpu", "--min-ratio", "0.95"],
        ["cmake", "--workflow", "--preset", "release"],
        ["ctest", "--preset=release"],
    ],
)
def test_right_commands_pass(command: list[str]) -> None:
    check(command)
