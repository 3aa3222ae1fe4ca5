# SPDX-License-Identifier: Apache-2.0
"""Python's probes and split are those of the program's scores."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
import torch
from peers import linear_probe, our_program, seeded_split
from safetensors.torch import load_file

_SMALL = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
          "intermediate_size": 64}  # fmt: skip


def test_numbers_are_those_of_the_c_plus_plus_standard() -> None:
    """[rand.predef]: the 10,000th number of a default-constructed std::mt19937_64."""
    (last,) = islice(seeded_split.mt19937_64(5489), 9999, 10000)
    assert last == 9981545732273789042


def test_a_split_is_stratified() -> None:
    labels = [0] * 10 + [1] + [2, 2] + [3] * 12 + [4] * 13
    train, held_out = seeded_split.split(labels, 1)
    assert sorted(train + held_out) == list(range(38))
    counts = Counter(labels[item] for item in held_out)
    assert counts == {0: 2, 2: 1, 3: 2, 4: 3}  # A fifth, rounded to the nearest.
    assert seeded_split.split(labels, 2)[1] != held_out
    with pytest.raises(ValueError, match="only one item"):
        seeded_split.split([0, 1], 0)


def test_scores_are_the_programs(program_binary: Path, tmp_path: Path) -> None:
    """More items than two batches of the probe, so that the order within an epoch matters. A text
    network, since a small one exists."""
    entry = {"name": "small", "architecture": "bert_base", "weights": "random", "config": _SMALL}
    zoo = tmp_path / "zoo.json"
    zoo.write_text(json.dumps([entry]))
    rows, _ = our_program.rows(program_binary, {
        "steps": "EndToEnd", "candidates": zoo, "devices": "cpu", "configurations": "full",
        "modes": "serial", "batch_sizes": 32, "max_lengths": 32, "items": 400,
        "probes": "linear,minibatch", "features_dir": tmp_path,
    })  # fmt: skip
    tensors = load_file(tmp_path / "small.full.safetensors")
    features, labels = tensors["features"], tensors["labels"]
    parts = seeded_split.split(labels.tolist(), 0)
    assert len(parts[0]) > 2 * linear_probe.BATCH
    split = tuple(map(torch.tensor, parts))
    expected = {"minibatch" if "probe=" in row["name"] else "linear": row for row in rows}
    assert expected["linear"]["loss"] != pytest.approx(expected["minibatch"]["loss"], rel=1e-3)
    for probe, row in expected.items():
        found = linear_probe.score(probe, features, labels, split, 0)
        assert found.loss == pytest.approx(row["loss"], rel=2e-6), probe
        assert found.accuracy == row["accuracy"], probe
        other = linear_probe.score(probe, features, labels, split, 1)
        assert other.loss != pytest.approx(row["loss"], rel=1e-5)
