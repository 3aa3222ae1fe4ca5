# SPDX-License-Identifier: Apache-2.0
"""The scores in Python against values of the authors' public code on iris and digits: thuml's
Transfer-Learning-Library and LogME (ICML form), transformer-ranker, SFDA's and PARC's repositories
and pactran_metrics, with LEEP's logarithm put back. NLEEP has scikit-learn's mixture."""

import numpy as np
import pytest
from peers import neighbor_scores, separation_scores, source_scores
from peers.score_functions import FUNCTIONS
from scores import program
from sklearn.datasets import load_digits, load_iris
from sklearn.preprocessing import StandardScaler

GOLDEN = {
    "iris": {
        "logme": -0.160060, "hscore": 1.191899, "hscore_regularised": 1.177842,
        "transrate": 0.589405, "gbc": -0.330088, "sfda": 0.8764934341, "parc": 61.217010,
        "leep": -0.6653620586, "nce": -0.4078146879, "pactran": -0.23446302, "nleep": -0.12116,
    },
    "digits": {
        "logme": 0.270278, "hscore": 5.917909, "hscore_regularised": 5.851433,
        "transrate": 50.279312, "gbc": -0.045626, "sfda": 0.8153094596, "parc": 27.110723,
        "leep": -1.7868974709, "nce": -1.8046268603, "pactran": -0.18267863, "nleep": -0.15252,
    },
}  # fmt: skip
MODULES = (neighbor_scores, separation_scores, source_scores)


def _tensors(name: str) -> dict[str, np.ndarray]:
    data = {"iris": load_iris, "digits": load_digits}[name]()
    width = data.data.shape[1]
    directions = np.cos(np.outer(np.arange(1, width + 1), np.arange(1, 11)))
    powers = np.exp(StandardScaler().fit_transform(data.data) @ directions)
    return {
        "features": data.data,
        "labels": data.target,
        "source_probabilities": powers / powers.sum(1, keepdims=True),
    }


@pytest.mark.parametrize("data", GOLDEN)
def test_values_are_those_of_public_code(data: str) -> None:
    tensors = _tensors(data)
    for name, expected in GOLDEN[data].items():
        peer = FUNCTIONS[name]
        found = peer.load()(tensors[peer.reads], tensors["labels"])
        tolerance = 1e-4 if name == "nleep" else 1e-6
        assert found == pytest.approx(expected, abs=tolerance), name


def test_logme_is_right_for_fewer_items_than_dimensions() -> None:
    """The optimum by several starts of another optimizer. A fixed point without the dimensions that
    the features lack gives 1.43 here."""
    tensors = _tensors("digits")
    found = separation_scores.logme(tensors["features"][:50], tensors["labels"][:50])
    assert found == pytest.approx(0.082184, abs=5e-4)


def test_a_source_class_without_mass_counts_nothing() -> None:
    tensors = _tensors("iris")
    p = tensors["source_probabilities"]
    wider = np.hstack([p, np.zeros((len(p), 1))])
    for function in (source_scores.leep, source_scores.nce):
        assert function(wider, tensors["labels"]) == pytest.approx(function(p, tensors["labels"]))


def test_neighbors_are_others() -> None:
    """Each item's nearest is its twin, and five of its class are near."""
    labels = np.repeat(np.arange(2), 6)
    features = np.eye(2)[labels] + 1e-3 * np.arange(12)[:, None]
    assert neighbor_scores.knn(features, labels) == 1
    assert neighbor_scores.knn(features, np.arange(12) % 2) < 1


def test_every_score_of_the_program_has_a_peer() -> None:
    assert set(program.PROBES) == set(FUNCTIONS)
    for peer in FUNCTIONS.values():
        assert callable(peer.load())


def test_tolerances() -> None:
    logme = FUNCTIONS["logme"]
    assert logme.agrees(0.20001, 0.2)
    assert not logme.agrees(0.2001, 0.2)
    assert FUNCTIONS["knn"].agrees(0.9, 0.901)
    assert not FUNCTIONS["gbc"].agrees(-1e-3, -1.01e-3)
