# SPDX-License-Identifier: Apache-2.0
"""Fused networks on a CPU: where BatchNorm is folded, and which rows there are."""

from __future__ import annotations

import pytest
from conftest import Program

FLAGS = ("--devices=cpu", "--time_budget=0.3", "--batch_sizes=2")


def test_folded_networks_give_the_features_of_plain_ones(program: Program) -> None:
    outcome = program.run(
        *FLAGS, "--steps=Inference,Blocks", "--architectures=resnet18,mobilenet_v2",
        "--configurations=full,last_1", "--executions=eager,fused",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    fused = [row for row in outcome.rows if "/execution=fused/" in row["name"]]
    inference = [row for row in fused if row["name"].startswith("Inference/")]
    assert len(inference) == 4 and len(fused) > 4 and len(outcome.rows) == 2 * len(fused)
    for row in inference:
        assert row["feature_distance"] > 0, "nothing was folded"
        assert row["tuning_seconds"] > 0 and "achieved_copy" not in row
    for row in outcome.rows:
        if row["name"].startswith("Inference/") and "execution" not in row["name"]:
            assert row["feature_distance"] < 1e-6


def test_a_search_can_be_fused(program: Program) -> None:
    outcome = program.run(
        *FLAGS, "--steps=EndToEnd", "--architectures=mobilenet_v2", "--configurations=full",
        "--executions=eager,fused", "--modes=serial", "--items=40",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    plain, fused = outcome.rows
    assert "execution=fused" in fused["name"] and "execution" not in plain["name"]
    assert fused["accuracy"] == pytest.approx(plain["accuracy"])


def test_a_network_without_batch_norm_is_not_fused_on_a_cpu(program: Program) -> None:
    outcome = program.run(
        *FLAGS, "--steps=Inference", "--architectures=vit_b_32", "--configurations=last_1",
        "--executions=fused",
    )  # fmt: skip
    assert outcome.code == 1
    assert "vit_b_32 has none: use --executions=eager" in outcome.rows[0]["error_message"]


def test_steps_without_graphs_run_without_them(program: Program) -> None:
    def names(*executions: str) -> list[str]:
        outcome = program.run(
            *FLAGS, "--steps=Inference,EndToEnd,Blocks", "--architectures=resnet18", "--items=20",
            "--configurations=full", "--modes=serial", f"--executions={','.join(executions)}",
            "--benchmark_list_tests",
        )  # fmt: skip
        return sorted(line.split("/")[0] + "/" + ("fused" if "=fused/" in line else "eager")
                      for line in outcome.stdout.splitlines())  # fmt: skip

    # A CPU has no graphs, so Inference has no row.
    assert names("fused_graph") == ["Blocks/fused", "EndToEnd/fused"]
    assert names("cuda_graph", "eager") == ["Blocks/eager", "EndToEnd/eager", "Inference/eager"]
