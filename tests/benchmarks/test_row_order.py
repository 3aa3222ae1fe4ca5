# SPDX-License-Identifier: Apache-2.0
"""What only the first row of a process pays does not count in a row's figures."""

from __future__ import annotations

from pathlib import Path

from conftest import Outcome, Program

FIRST = {
    "first_load_model_seconds", "first_load_data_seconds", "first_data_to_device_seconds",
    "first_inference_seconds", "first_score_seconds",
}  # fmt: skip
RESULTS = ("accuracy", "loss", "score_value", "feature_distance", "batches", "items", "row_version")
# What else the machine did: only in rows that lasted half a second, which these nearly do.
MACHINE = {"cpu_others", "cpu_steal", "noisy"}


def search(program: Program, photographs: Path, architectures: str) -> Outcome:
    """20 photographs in batches of 8: the last one is short."""
    outcome = program.run(
        "--devices=cpu", "--steps=EndToEnd", "--configurations=full", "--modes=serial",
        "--batch_sizes=8", "--items=20", "--threads=2", "--workers=2", f"--data_dir={photographs}",
        f"--architectures={architectures}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    return outcome


def test_rows_say_the_same_in_both_orders(program: Program, photographs: Path) -> None:
    here = search(program, photographs, "resnet18,mobilenet_v2").rows
    there = search(program, photographs, "mobilenet_v2,resnet18").rows
    assert [row["name"] for row in here] == [row["name"] for row in reversed(there)]
    for row, same in zip(here, reversed(there), strict=True):
        assert row.keys() >= FIRST
        assert row.keys() - MACHINE == same.keys() - MACHINE
        assert {name: row[name] for name in RESULTS} == {name: same[name] for name in RESULTS}
        for name in FIRST - {"first_data_to_device_seconds"}:  # a CPU copies nothing
            assert row[name] > 0 and same[name] > 0, name
