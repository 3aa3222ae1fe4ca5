# SPDX-License-Identifier: Apache-2.0
"""EndToEnd for one network of each family, on images and on text, whole, as a tail and joint.
MobileNetV2 stands for EfficientNetV2, whose blocks are of its kind and take longer."""

from __future__ import annotations

import pytest
from conftest import Outcome, Program
from zoos import write_zoo

CONFIGURATIONS = ("full", "last_3", "joint_last_3")
FLAGS = (
    "--devices=cpu", "--steps=EndToEnd", "--modes=serial", "--batch_sizes=4", "--warmup_batches=1",
    "--time_budget=1",
    f"--configurations={','.join(CONFIGURATIONS)}", "--items=10", "--max_lengths=16",
)  # fmt: skip
# What a row says does not depend on the width of a text network, and the weights of two with the
# default settings take a gigabyte.
SMALL = {"hidden_size": 64, "num_hidden_layers": 6, "num_attention_heads": 4,
         "intermediate_size": 128}  # fmt: skip
SETTINGS = {"resnet18": {}, "mobilenet_v2": {}, "vit_b_32": {},
            "bert_base": {"config": SMALL}, "roberta_base": {"config": SMALL}}  # fmt: skip


@pytest.fixture(scope="module")
def outcome(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All networks in one run."""
    entries = [
        {"name": name, "architecture": name, "weights": "random"} | settings
        for name, settings in SETTINGS.items()
    ]
    zoo = write_zoo(tmp_path_factory.mktemp("zoo"), *entries)
    return program.run(*FLAGS, f"--candidates={zoo}", timeout=900)


@pytest.fixture(params=SETTINGS)
def search(request: pytest.FixtureRequest, outcome: Outcome) -> dict[str, dict]:
    """The rows of one network by their configurations."""
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    names = [row["name"].split("/") for row in outcome.rows]
    return {
        name[2]: row
        for name, row in zip(names, outcome.rows, strict=True)
        if name[1] == request.param
    }


def test_all_configurations_give_the_networks_score(search: dict[str, dict]) -> None:
    assert tuple(search) == CONFIGURATIONS
    full, tail, joint = search.values()
    assert tail["accuracy"] == full["accuracy"]
    assert joint["accuracy_head0"] == full["accuracy"]
    assert joint["loss_head0"] == pytest.approx(full["loss"], rel=1e-4)
    assert 0 < tail["macs"] < full["macs"]
    assert full["macs"] < joint["macs"] < 2 * full["macs"]
    assert tail["params"] < full["params"]


def test_joint_rows_say_what_sharing_the_trunk_gains(search: dict[str, dict]) -> None:
    row = search["joint_last_3"]
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
