# SPDX-License-Identifier: Apache-2.0
"""Scores from the probabilities of source classes, as public code in Python computes them: numpy
and scipy in double precision, scikit-learn's mixture. Where public code is known to be wrong, this
is the right form (LEEP and NLEEP have their logarithm).

The papers are named in fixtures/searching/scores/.
"""

import numpy as np
from scipy.special import betaln, digamma, gammaln, xlogy
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

NLEEP_SEEDS = range(5)
_ENERGY = 0.8
_COMPONENTS = 5  # for each class
_ROUNDS = 10
_SMALLEST = 1e-10


def leep(probabilities: np.ndarray, labels: np.ndarray) -> float:
    p = probabilities.astype(np.float64)
    classes, ranks = np.unique(labels, return_inverse=True)
    joint = np.zeros((len(classes), p.shape[1]))
    for label in range(len(classes)):
        joint[label] = p[ranks == label].sum(0) / len(p)
    mass = joint.sum(0)
    conditional = np.divide(joint, mass, out=np.zeros_like(joint), where=mass > 0)
    return float(np.log((p * conditional[ranks]).sum(1)).mean())


def nce(probabilities: np.ndarray, labels: np.ndarray) -> float:
    classes, ranks = np.unique(labels, return_inverse=True)
    joint = np.zeros((len(classes), probabilities.shape[1]))
    np.add.at(joint, (ranks, probabilities.argmax(1)), 1 / len(labels))
    return float(xlogy(joint, joint).sum() - xlogy(joint.sum(0), joint.sum(0)).sum())


def nleep(features: np.ndarray, labels: np.ndarray) -> float:
    """The mean over the seeds of the mixture."""
    return float(np.mean(nleep_by_seed(features, labels)))


def nleep_by_seed(features: np.ndarray, labels: np.ndarray) -> list[float]:
    reduced = PCA(n_components=_ENERGY).fit_transform(features.astype(np.float64))
    components = min(_COMPONENTS * len(np.unique(labels)), len(labels))
    found = []
    for seed in NLEEP_SEEDS:
        mixture = GaussianMixture(n_components=components, random_state=seed).fit(reduced)
        found.append(leep(mixture.predict_proba(reduced), labels))
    return found


def pactran(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """PACTran-Dirichlet with alpha = 1: the bound of its paper with the other sign."""
    p = probabilities.astype(np.float64)
    classes, ranks = np.unique(labels, return_inverse=True)
    onehot = np.eye(len(classes))[ranks]
    prior = onehot.mean(0) + _SMALLEST
    log_p = np.log(p + _SMALLEST)
    q = p
    for _ in range(_ROUNDS):
        a = prior[:, None] + onehot.T @ q
        log_q = log_p + onehot @ (digamma(a) - digamma(a.sum(0)))
        log_q -= np.logaddexp.reduce(log_q, axis=1, keepdims=True)
        q = np.exp(log_q)
    divergence = (q * (log_q - log_p)).sum()
    evidence = _log_beta(a).sum() - p.shape[1] * _log_beta(prior[:, None]).sum() - divergence
    return float(evidence / (len(p) * len(classes)))


def _log_beta(columns: np.ndarray) -> np.ndarray:
    """The logarithm of the multivariate beta function of each column."""
    if len(columns) == 2:
        return betaln(columns[0], columns[1])
    return gammaln(columns).sum(0) - gammaln(columns.sum(0))
