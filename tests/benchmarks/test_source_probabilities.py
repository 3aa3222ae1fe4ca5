# SPDX-License-Identifier: Apache-2.0
"""Scores of what the candidates' own classifiers predict, in every step that scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from search_zoo import Zoo, entry, label
from zoos import write_zoo

NAMES = ("first", "second", "bare")


def classifiers_of(folder: Path, zoo: Zoo) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Writes candidates with equal features; the last one has no classifier."""
    network = load_file(zoo.folder / "parent.safetensors")
    random = np.random.default_rng(0)
    classifiers = {}
    for i, name in enumerate(NAMES):
        tensors = dict(network)
        if name != "bare":
            weight = random.standard_normal((5 + i, 1280)).astype(np.float32)
            classifiers[name] = weight, random.standard_normal(5 + i).astype(np.float32)
            tensors["classifier.1.weight"], tensors["classifier.1.bias"] = classifiers[name]
        # Names may have a prefix.
        save_file({f"module.{k}": t for k, t in tensors.items()}, folder / f"{name}.safetensors")
    return classifiers


def leep(features: np.ndarray, labels: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> float:
    logits = (features @ weight.T + bias).astype(np.float64)
    theta = np.exp(logits - logits.max(1, keepdims=True))
    theta /= theta.sum(1, keepdims=True)
    joint = np.eye(labels.max() + 1)[labels].T @ theta
    conditional = joint / joint.sum(0)
    return float(np.log((conditional[labels] * theta).sum(1)).mean())


def test_every_step_scores_the_classifier_of_the_checkpoint(zoo: Zoo, tmp_path: Path) -> None:
    classifiers = classifiers_of(tmp_path, zoo)
    selected = write_zoo(tmp_path, *(entry(name) for name in NAMES))
    outcome = zoo.search("--steps=Search,EndToEnd,Score", "--probes=leep", "--configurations=full",
                         "--modes=serial", "--classes=0", "--batches=2",
                         zoo=selected, features=tmp_path / "features")  # fmt: skip
    assert outcome.code == 1
    expected = {}
    for name, (weight, bias) in classifiers.items():
        with safe_open(tmp_path / "features" / f"{name}.full.safetensors", "np") as file:
            features, labels = file.get_tensor("features"), file.get_tensor("labels")
        expected[name] = leep(features, labels, weight, bias)
    assert abs(expected["first"] - expected["second"]) > 1e-3
    refused = 0
    for row in outcome.rows:
        if row["name"].startswith("Search/"):
            assert label(row)["failed"] == "bare"
            ranking = label(row)["ranking"].split(",")
            assert ranking == sorted(expected, key=expected.get, reverse=True)
            for place, name in enumerate(ranking):
                np.testing.assert_allclose(row[f"score_value{place}"], expected[name], rtol=1e-4)
        elif row.get("error_occurred"):
            refused += 1
            for part in ("'bare'", "'leep'", "classifier.1.weight", "bare.safetensors"):
                assert part in row["error_message"]
        else:
            name = next(name for name in expected if name in row["name"])
            np.testing.assert_allclose(row["score_value"], expected[name], rtol=1e-4)
    assert refused == 2
    assert len(outcome.rows) == 7
    assert ": bare is left out: score 'leep' needs" in outcome.stderr
