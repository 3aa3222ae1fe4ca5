# SPDX-License-Identifier: Apache-2.0
"""Result files as other tools read them: github-action-benchmark (googlecpp), Bencher (cpp_google)
and Google Benchmark's compare.py. The schemas describe what each of them needs."""

import copy
import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT

_FOLDER = Path(__file__).parents[1] / "data/formats"
_SCHEMAS = {
    name: json.loads((_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("googlecpp", "bencher_cpp_google", "google_compare")
}
# Files with rows of several programs are not results of the program.
_RESULTS = [
    path
    for path in sorted((ROOT / "reports/baselines").glob("*.json"))
    if "-next-to-" not in path.name
]


def strictly(text: str) -> dict:
    """JSON.parse and serde refuse NaN and Infinity, which Python accepts."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def check(document: dict) -> None:
    for name, schema in _SCHEMAS.items():
        found = jsonschema.Draft202012Validator(schema).iter_errors(document)
        assert not [f"{name}: {error.json_path}: {error.message}" for error in found]
    # Bencher keeps one row of equal names, the last; github-action-benchmark compares the first.
    names = [row["name"] for row in document["benchmarks"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", _RESULTS, ids=lambda path: path.name)
def test_committed_results(path: Path) -> None:
    check(strictly(path.read_text(encoding="utf-8")))


def test_there_are_results_to_check() -> None:
    assert len(_RESULTS) >= 5


def test_a_fresh_file(program_binary: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    flags = ("--steps=LoadModel", "--architectures=resnet18,mobilenet_v2", "--configurations=full",
             "--devices=cpu", "--batches=4", "--warmup_batches=1", "--time_budget=2")  # fmt: skip
    done = subprocess.run(
        [program_binary, *flags, f"--benchmark_out={out}", "--benchmark_out_format=json"],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = strictly(out.read_text(encoding="utf-8"))
    assert len(document["benchmarks"]) == 2
    check(document)


@pytest.mark.parametrize(
    ("schema", "break_it"),
    [
        ("googlecpp", lambda d: d["benchmarks"].clear()),
        ("googlecpp", lambda d: d["benchmarks"][0].pop("threads")),
        ("googlecpp", lambda d: d["benchmarks"][0].update(run_type="aggregate")),
        ("googlecpp", lambda d: d["benchmarks"][0].update(time_unit="minutes")),
        ("bencher_cpp_google", lambda d: d["context"].pop("caches")),
        ("bencher_cpp_google", lambda d: d["context"]["caches"][0].pop("size")),
        ("bencher_cpp_google", lambda d: d["benchmarks"][0].pop("real_time")),
        ("bencher_cpp_google", lambda d: d["benchmarks"][0].update(real_time="1")),
        ("google_compare", lambda d: d["benchmarks"][0].pop("cpu_time")),
        ("google_compare", lambda d: d["benchmarks"][0].update(error_occurred=True)),
        ("google_compare", lambda d: d["context"].update(json_schema_version=2)),
    ],
)
def test_the_schemas_refuse_what_their_tool_refuses(schema: str, break_it) -> None:
    document = json.loads((ROOT / "reports/baselines/h200-searches.json").read_text())
    document["benchmarks"] = copy.deepcopy(document["benchmarks"][:2])
    validator = jsonschema.Draft202012Validator(_SCHEMAS[schema])
    assert validator.is_valid(document)
    break_it(document)
    assert not validator.is_valid(document)


def test_numbers_that_are_none_are_found() -> None:
    with pytest.raises(AssertionError, match="NaN is not JSON"):
        strictly('{"a": NaN}')
