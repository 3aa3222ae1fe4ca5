# SPDX-License-Identifier: Apache-2.0
"""Scores that train a classifier or compare items with each other, as public code in Python
computes them: scikit-learn's and scipy's functions, and the probes in PyTorch.

The papers are named in fixtures/searching/scores/.
"""

from collections.abc import Callable

import numpy as np
from scipy.stats import spearmanr
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

from peers import linear_probe, seeded_split

_NEIGHBORS = 5
_REDUCED, _PARC_SEED = 32, 1919


def probe(kind: str) -> Callable[[np.ndarray, np.ndarray], float]:
    """The accuracy of the study's probe, trained in PyTorch."""

    def accuracy(features: np.ndarray, labels: np.ndarray) -> float:
        import torch

        split = seeded_split.split(labels.tolist(), seed=0)
        tensors = torch.from_numpy(features), torch.from_numpy(labels)
        return linear_probe.score(kind, *tensors, split, seed=0).accuracy

    return accuracy


def logistic(features: np.ndarray, labels: np.ndarray) -> float:
    """The accuracy on the items that are held out."""
    train, held_out = seeded_split.split(labels.tolist(), seed=0)
    f = features.astype(np.float64)
    scaler = StandardScaler().fit(f[train])
    model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(f[train]), labels[train])
    return float(model.score(scaler.transform(f[held_out]), labels[held_out]))


def knn(features: np.ndarray, labels: np.ndarray) -> float:
    """Leave-one-out accuracy of the 5 nearest by cosine; of equal votes the first class wins."""
    f = features.astype(np.float64)
    search = NearestNeighbors(n_neighbors=_NEIGHBORS, metric="cosine", algorithm="brute").fit(f)
    _, ranks = np.unique(labels, return_inverse=True)
    nearest = search.kneighbors(return_distance=False)  # Without items: none is its own neighbor.
    votes = np.zeros((len(f), ranks.max() + 1))
    np.add.at(votes, (np.arange(len(f))[:, None], ranks[nearest]), 1)
    return float((votes.argmax(1) == ranks).mean())


def parc(features: np.ndarray, labels: np.ndarray) -> float:
    """100 times Spearman's correlation between the items' correlation distances by features and
    those by labels. The solver is what scikit-learn chose when PARC was published."""
    f = features.astype(np.float64)
    if f.shape[1] > _REDUCED:
        solver = PCA(_REDUCED, svd_solver="randomized", random_state=_PARC_SEED)
        f = solver.fit_transform(f)
    f = StandardScaler().fit_transform(f)
    onehot = np.eye(labels.max() + 1)[labels]
    above = np.triu_indices(len(f), 1)
    by_features, by_labels = (1 - np.corrcoef(rows)[above] for rows in (f, onehot))
    return float(100 * spearmanr(by_features, by_labels).statistic)
