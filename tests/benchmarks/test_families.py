# SPDX-License-Identifier: Apache-2.0
"""EndToEnd for one network of each family, on images and on text, whole, as a tail and joint."""

from __future__ import annotations

import pytest
from conftest import Outcome, Program

CONFIGURATIONS = ("full", "last_3", "joint_last_3")
FLAGS = (
    "--devices=cpu", "--steps=EndToEnd", "--modes=serial", "--batch_sizes=8",
    f"--configurations={','.join(CONFIGURATIONS)}", "--items=24", "--max_lengths=16",
)  # fmt: skip


@pytest.fixture(scope="module", params=["resnet18", "mobilenet_v2", "efficientnet_v2_s",
                                        "vit_b_32", "bert_base", "roberta_base"])  # fmt: skip
def search(request: pytest.FixtureRequest, program: Program) -> Outcome:
    outcome = program.run(*FLAGS, f"--architectures={request.param}")
    for path in (program.cache / "weights").glob("*.safetensors"):
        path.unlink()  # up to half a gigabyte each
    return outcome


def test_all_configurations_give_the_networks_score(search: Outcome) -> None:
    assert search.code == 0, search.stderr + str(search.rows)
    rows = {row["name"].split("/")[2]: row for row in search.rows}
    assert tuple(rows) == CONFIGURATIONS
    full = rows["full"]
    assert rows["last_3"]["accuracy"] == full["accuracy"]
    assert rows["joint_last_3"]["accuracy_head0"] == full["accuracy"]
    assert rows["joint_last_3"]["loss_head0"] == pytest.approx(full["loss"], rel=1e-4)
    assert 0 < rows["last_3"]["macs"] < full["macs"]
    assert full["macs"] < rows["joint_last_3"]["macs"] < 2 * full["macs"]
    assert rows["last_3"]["params"] < full["params"]


def test_joint_rows_say_what_sharing_the_trunk_gains(search: Outcome) -> None:
    row = next(row for row in search.rows if "/joint_last_3/" in row["name"])
    assert row["heads"] == 2
    assert row["accuracy"] == row["accuracy_head0"]
    assert row["random_heads"] == 1
    assert row["label"].endswith("-random-head-1")
    assert row["gain_over_separate"] == pytest.approx(
        row["separate_end_to_end"] / row["end_to_end"]
    )
    assert row["gain_over_cached"] == pytest.approx(row["cached_end_to_end"] / row["end_to_end"])
    assert row["cached_end_to_end"] > row["build_cache"] > 0
    assert 0.5 < row["macs_share"] < 1  # of two networks: the trunk is run once
