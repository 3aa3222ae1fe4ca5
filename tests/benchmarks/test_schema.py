# SPDX-License-Identifier: Apache-2.0
"""`--schema` says what the program knows, and tools/ reads a true copy of it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, Program

# What Google Benchmark itself writes into a row.
GOOGLE_BENCHMARK = {
    "family_index", "per_family_instance_index", "repetitions", "repetition_index", "threads",
    "iterations", "real_time", "cpu_time",
}  # fmt: skip


@pytest.fixture(scope="session")
def schema(program: Program) -> dict:
    done = subprocess.run([program.binary, "--schema"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_tools_read_a_true_copy(schema: dict) -> None:
    copy = json.loads((ROOT / "tools/results/schema.json").read_text(encoding="utf-8"))
    assert copy == schema, "cmake --build --preset release --target schema writes the copy"


def test_every_entry_is_complete(schema: dict) -> None:
    for axis in schema["axes"]:
        assert axis["help"] and axis["steps"], axis
        assert (axis["default"] is None) <= bool(axis["default_values"] or axis["default_rule"])
        assert axis["named"] in ("unless_default", "always", "part")
        if axis["values"] is not None:
            assert set(axis["default_values"]) <= set(axis["values"]), axis
    for counter in schema["counters"]:
        assert counter["unit"] and counter["meaning"], counter
        assert counter["better"] in ("lower", "higher", None)
    flags = {axis["flag"] or axis["key"] for axis in schema["axes"]}
    for step in schema["steps"]:
        assert set(step["axes"]) <= flags
        assert step["row_version"] >= 1
    for preset in schema["presets"]:
        assert preset["values"].keys() <= flags


def test_rows_have_no_counter_or_key_that_the_schema_lacks(
    program: Program, schema: dict, photographs: Path
) -> None:
    flags = (
        "--devices=cpu", "--architectures=resnet18", "--batch_sizes=2", "--batches=4",
        "--warmup_batches=1", "--time_budget=1", "--items=20", "--classes=0",
        f"--data_dir={photographs}",
    )  # fmt: skip
    steps = {step["name"] for step in schema["steps"]}
    rows = program.run(
        *flags, "--configurations=full,last_1,joint_last_1",
        "--steps=" + ",".join(sorted(steps - {"MaxBatchSize"})),
    ).rows + program.run(
        *flags, "--configurations=full", "--steps=MaxBatchSize", "--memory_limit=80MB"
    ).rows  # fmt: skip
    assert {row["name"].split("/")[0] for row in rows} == steps - {"DataToDevice"}
    patterns = [
        re.compile(re.escape(counter["name"]).replace("<n>", r"\d+"))
        for counter in schema["counters"]
    ]
    keys = {axis["key"] for axis in schema["axes"]}
    versions = {step["name"]: step["row_version"] for step in schema["steps"]}
    for row in rows:
        assert not row.get("error_occurred"), row
        assert row["row_version"] == versions[row["name"].split("/")[0]], row["name"]
        numbers = {name for name, value in row.items() if isinstance(value, int | float)}
        for name in numbers - GOOGLE_BENCHMARK:
            assert any(pattern.fullmatch(name) for pattern in patterns), (row["name"], name)
        assert set(re.findall(r"/([a-z_]+)=", row["name"])) <= keys
