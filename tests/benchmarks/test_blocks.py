# SPDX-License-Identifier: Apache-2.0
"""Where in a network the time goes, block by block, and how far it is from the device's bounds."""

from __future__ import annotations

import pytest
from conftest import Program

FLAGS = ("--devices=cpu", "--threads=2", "--batches=6", "--warmup_batches=2", "--batch_sizes=2")


@pytest.mark.parametrize(("network", "blocks"), [("resnet18", 8), ("vit_b_32", 12)])
def test_blocks_make_up_the_network(program: Program, network: str, blocks: int) -> None:
    outcome = program.run(*FLAGS, "--steps=Blocks", f"--architectures={network}")
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    (row,) = outcome.rows
    assert f"block_{blocks - 1:02}_seconds" in row and f"block_{blocks:02}_seconds" not in row
    stages = row["stem_seconds"] + row["head_seconds"]
    assert row["item_load_seconds"] > 0
    # What reading a block's output replaces: the items, on a CPU without a copy, and all stages.
    recompute = row["item_load_seconds"] + row["stem_seconds"]
    assert row["item_copy_seconds"] == 0
    worth = None
    for block in range(blocks):
        part = {key: row[f"block_{block:02}_{key}"] for key in (
            "seconds", "output_bytes", "macs", "load_seconds", "recompute_seconds")}  # fmt: skip
        stages += part["seconds"]
        recompute += part["seconds"]
        assert part["recompute_seconds"] == pytest.approx(recompute)
        assert part["load_seconds"] == pytest.approx(2 * part["output_bytes"] / row["read_rate"])
        if worth is None and part["load_seconds"] < part["recompute_seconds"]:
            worth = block
    assert row.get("first_block_worth_loading") == worth
    assert stages == pytest.approx(row["stages_over_whole"] * row["p50"])
    # The last output of a ResNet-18 is 512 x 7 x 7 values, of ViT-B/32 50 tokens of 768.
    last = {"resnet18": 512 * 7 * 7, "vit_b_32": 50 * 768}[network]
    assert row[f"block_{blocks - 1:02}_output_bytes"] == 4 * last
    macs = sum(row[f"block_{block:02}_macs"] for block in range(blocks))
    assert 0.5 * row["macs"] < macs < row["macs"]


def test_rows_say_how_far_the_bounds_are(program: Program) -> None:
    outcome = program.run(
        *FLAGS, "--steps=Inference", "--architectures=resnet18", "--configurations=full,last_1"
    )
    assert outcome.code == 0, outcome.stderr
    for row in outcome.rows:
        seconds = row["real_time"] / 1e3
        operations = 2 * 2 * row["macs"]
        assert row["achieved_matrix"] == pytest.approx(
            operations / seconds / row["peak_matrix_flops"]
        )
        assert row["achieved_copy"] == pytest.approx(
            row["bytes"] / seconds / row["peak_copy_bytes"]
        )
        assert row["arithmetic_intensity"] == pytest.approx(operations / row["bytes"])
        assert row["bound_compute"] == float(row["achieved_matrix"] >= row["achieved_copy"])
        assert row["achieved_matrix"] > 0
    full, tail = outcome.rows
    # At least its parameters, read once for the batch.
    assert tail["bytes"] > 4 * tail["params"] and full["bytes"] > tail["bytes"]
    assert (program.cache / "rates.json").is_file()


def test_a_cpu_has_no_graphs(program: Program) -> None:
    outcome = program.run(*FLAGS, "--steps=Inference", "--executions=cuda_graph")
    assert outcome.code == 3
    unknown = program.run(*FLAGS, "--executions=compiled")
    assert unknown.code == 2
    assert "eager,cuda_graph" in unknown.stderr
