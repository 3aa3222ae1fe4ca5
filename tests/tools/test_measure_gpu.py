# SPDX-License-Identifier: Apache-2.0
"""tools/measure_gpu.sh runs its stages, with stubs in place of the program and of Python."""

import subprocess
from pathlib import Path

import pytest
import stubbed_scripts

SCRIPT = stubbed_scripts.ROOT / "tools/measure_gpu.sh"
GALLERY = (
    "grid", "memory", "searches", "zoo", "zoo_peers", "scores", "compiled", "extract", "loads",
)  # fmt: skip


# Names scores, and makes the folder of a zoo.
_PYTHON = """[[ $1 != -c ]] || echo linear,knn
[[ $1 != *make_zoo.py ]] || while [ $# -gt 0 ]; do
  [ "$1" != -o ] || mkdir -p "$2"
  shift
done"""


class Stages:
    """The script with a program and a Python that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.calls = folder / "calls"
        self.output = folder / "output"
        self.folder = folder
        self.path = folder / "path"  # A machine without a GPU, whatever this one has.
        self.path.mkdir()
        stubbed_scripts.add(self.path, "nvidia-smi", "exit 1")
        self.program("exit 0")
        stubbed_scripts.add(folder, "python", f'echo "$@" >>{self.calls}\n{_PYTHON}')

    def program(self, body: str) -> None:
        stubbed_scripts.add(self.folder, "program", f'echo "$@" >>{self.calls}\n{body}')

    def run(self, *stages: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.path}:/usr/bin:/bin",
            "MODEL_SEARCH_BINARY": str(self.folder / "program"),
            "MODEL_SEARCH_PYTHON": str(self.folder / "python"),
            "MODEL_SEARCH_MEASURE_CACHE": str(self.folder / "cache"),
            "MODEL_SEARCH_KEEP_ZOOS": "1",
            **variables,
        }
        return subprocess.run(
            [SCRIPT, self.output, *stages],
            env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def called(self) -> list[str]:
        return self.calls.read_text().splitlines()


@pytest.fixture
def stages(tmp_path: Path) -> Stages:
    return Stages(tmp_path)


def names(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    """Each stage that ended, and its exit code."""
    ended = [line.split() for line in done.stdout.splitlines() if "exit code" in line]
    return [(words[1].rstrip(":"), words[4]) for words in ended]


def test_the_gallery_is_nine_stages(stages: Stages) -> None:
    done = stages.run("gallery")
    assert done.returncode == 0, done.stderr
    assert names(done) == [(name, "0") for name in GALLERY]
    calls = stages.called()
    assert all("--devices=cuda " in call for call in calls if call.startswith("--cache_dir"))
    for steps in ("Inference", "MaxBatchSize", "Search", "Score"):
        assert any(f"--steps={steps} " in call for call in calls), steps
    for tool in ("zoo_search", "scores", "compiled_ratio", "loader_ratio", "end_to_end_table"):
        assert any(f"tools/peers/{tool}.py" in call for call in calls), tool


def test_a_failing_stage_is_named_and_the_others_run(stages: Stages) -> None:
    stages.program('[[ $* != *MaxBatchSize* ]] || { echo "no memory" >&2; exit 2; }')
    done = stages.run("memory", "grid")
    assert done.returncode == 1
    assert names(done) == [("memory", "2"), ("grid", "0")]
    assert "these stages failed: memory" in done.stderr


def test_a_stage_ends_at_its_first_failure(stages: Stages) -> None:
    stages.program("exit 2")
    assert names(stages.run("zoo")) == [("zoo", "2")]
    assert sum("--steps=Search" in call for call in stages.called()) == 1


def test_rows_that_fail_do_not_end_a_stage(stages: Stages) -> None:
    stages.program("exit 1")
    assert names(stages.run("zoo")) == [("zoo", "0")]
    assert sum("--steps=Search" in call for call in stages.called()) == 2


def test_a_rehearsal_without_a_gpu_is_small_and_on_the_cpu(stages: Stages) -> None:
    done = stages.run("searches", MODEL_SEARCH_REHEARSAL="1")
    assert done.returncode == 0, done.stderr
    (call,) = (call for call in stages.called() if "--steps=" in call)
    assert "--devices=cpu " in call
    assert "--architectures=resnet18,mobilenet_v2 " in call
    assert "nvjpeg" not in call
    stubbed_scripts.add(stages.path, "nvidia-smi", "exit 0")
    assert stages.run("searches", MODEL_SEARCH_REHEARSAL="1").returncode == 0
    assert "--devices=cuda " in stages.called()[-1]


@pytest.mark.parametrize(
    ("stage", "miniature"),
    [
        ("scores", ["--sizes 200x16 --probes linear", "--sizes 200x16 --probes logme,parc",
                    "--feature_sizes=500x16"]),
        ("growth", ["--candidates 4 ", "/first-2.json", "--items=16"]),
        ("quality", ["--candidates 3 ", "--budgets=halving,all ", "--epochs=1 ",
                     "--source-images=10 "]),
        ("spans", ["--architectures=resnet18 --batch_sizes=8 "]),
        ("reads", ["--architectures=resnet18 "]),
        ("verdicts", ["--executions=eager --architectures=resnet18 --batch_sizes=2 ",
                      "--budget=30 "]),
    ],
)  # fmt: skip
def test_a_rehearsal_is_in_miniature(stages: Stages, stage: str, miniature: list[str]) -> None:
    done = stages.run(stage, MODEL_SEARCH_REHEARSAL="1")
    assert done.returncode == 0, done.stderr
    calls = "\n".join(stages.called())
    assert [part for part in miniature if part not in calls] == []
    for full in (
        "9469",
        "2000x512",
        "--candidates 70",
        "--candidates 10",
        "8192",
        "vit_",
        "resnet152",
    ):
        assert full not in calls


@pytest.mark.parametrize("stage", ["zoo", "growth", "devices"])
@pytest.mark.parametrize("code", ["2", "139"])
def test_no_zoo_stays_where_its_search_fails(stages: Stages, stage: str, code: str) -> None:
    stages.program(f"exit {code}")
    (stages.folder / "cache/zoos/other").mkdir(parents=True)
    assert names(stages.run(stage, MODEL_SEARCH_KEEP_ZOOS="")) == [(stage, code)]
    assert [path.name for path in (stages.folder / "cache/zoos").iterdir()] == ["other"]
    assert names(stages.run(stage)) == [(stage, code)]
    assert len(list((stages.folder / "cache/zoos").iterdir())) == 2


def test_trained_zoos_stay_where_a_search_fails(stages: Stages) -> None:
    stages.program("exit 2")
    assert names(stages.run("quality", MODEL_SEARCH_KEEP_ZOOS="")) == [("quality", "2")]
    assert (stages.folder / "cache/zoos/trained-resnet18-0").is_dir()


def test_the_stage_of_tests_runs_every_program_for_gpus(stages: Stages) -> None:
    programs = ("a_gpu_test", "b_gpu_test", "gpu_images_test")
    for name in (*programs, "datasets_test"):
        stubbed_scripts.add(stages.folder, name, f"echo ran {name} >>{stages.calls}")
    assert names(stages.run("tests")) == [("tests", "0")]
    ran = [call for call in stages.called() if call.startswith("ran ")]
    assert ran == [f"ran {name}" for name in programs]
    assert any("tests/benchmarks/gpu" in call for call in stages.called())


@pytest.mark.parametrize("given", [("nonsense",), ("grid", "nonsense"), ()])
def test_unknown_stages_run_nothing_and_the_choices_are_named(
    stages: Stages, given: tuple[str, ...]
) -> None:
    done = stages.run(*given)
    assert done.returncode == 2
    assert ("'nonsense' is unknown" in done.stderr) == bool(given)
    assert all(name in done.stderr for name in ("gallery", *GALLERY, "quality"))
    assert not stages.calls.exists()
