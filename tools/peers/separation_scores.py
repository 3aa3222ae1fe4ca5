# SPDX-License-Identifier: Apache-2.0
"""Scores of how well features separate the classes, as public code in Python computes them: numpy
and scipy in double precision. Where public code is known to be wrong, this is the right form.

Each takes features [N, D] and labels [N] and returns the score. The papers are named in
fixtures/searching/scores/.
"""

import numpy as np
from scipy import linalg
from sklearn.covariance import LedoitWolf

_DISTORTION = 1e-4
_LEAST_VARIANCE = 1e-4
_SETTLED = 1e-6
_ITERATIONS = 1000


def logme(features: np.ndarray, labels: np.ndarray) -> float:
    """The evidence of Bayesian linear regression on one-hot labels: thuml's ICML form (a singular
    value decomposition, a fixed point for each class), iterated until it settles."""
    f = features.astype(np.float64)
    items, width = f.shape
    left, singular, _ = np.linalg.svd(f, full_matrices=False)
    spectrum = singular**2
    evidences = []
    for label in np.unique(labels):
        y = (labels == label).astype(np.float64)
        z2 = (left.T @ y) ** 2
        outside = max(float(y @ y - z2.sum()), 0.0)
        alpha = beta = 1.0
        for _ in range(_ITERATIONS):
            ratio = alpha / beta
            gamma = (spectrum / (spectrum + ratio)).sum()
            m2 = (spectrum * z2 / (ratio + spectrum) ** 2).sum()
            residual = (z2 / (1 + spectrum / ratio) ** 2).sum() + outside
            alpha, beta = gamma / (m2 + 1e-12), (items - gamma) / (residual + 1e-12)
            if abs(alpha / beta - ratio) <= _SETTLED * ratio:
                break
        # The dimensions that the features lack have the weights' precision alone.
        determinant = np.log(alpha + beta * spectrum).sum()
        determinant += (width - len(spectrum)) * np.log(alpha)
        evidence = width / 2 * np.log(alpha) + items / 2 * np.log(beta) - determinant / 2
        evidence -= beta / 2 * residual + alpha / 2 * m2 + items / 2 * np.log(2 * np.pi)
        evidences.append(evidence / items)
    return float(np.mean(evidences))


def hscore(features: np.ndarray, labels: np.ndarray) -> float:
    f = features.astype(np.float64)
    return float(
        np.trace(np.linalg.pinv(np.cov(f, rowvar=False), rcond=1e-15) @ _between(f, labels))
    )


def hscore_regularised(features: np.ndarray, labels: np.ndarray) -> float:
    f = features.astype(np.float64)
    f -= f.mean(0)
    estimate = LedoitWolf(assume_centered=True).fit(f)
    shrunk = (1 - estimate.shrinkage_) * _between(f, labels)
    return float(np.trace(np.linalg.pinv(estimate.covariance_) @ shrunk))


def _between(f: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The covariance of the class means, each as often as its class has items."""
    means = np.zeros_like(f)
    for label in np.unique(labels):
        means[labels == label] = f[labels == label].mean(0)
    return np.cov(means, rowvar=False)


def transrate(features: np.ndarray, labels: np.ndarray) -> float:
    f = features.astype(np.float64)
    f -= f.mean(0)
    rates = [_coding_rate(f[labels == label]) for label in np.unique(labels)]
    return _coding_rate(f) - float(np.mean(rates))


def _coding_rate(rows: np.ndarray) -> float:
    gram = rows.T @ rows / (len(rows) * _DISTORTION)
    return float(np.linalg.slogdet(np.eye(len(gram)) + gram)[1]) / 2


def gbc(features: np.ndarray, labels: np.ndarray) -> float:
    """Spherical covariances, by logarithms of their determinants."""
    f = features.astype(np.float64)
    width = f.shape[1]
    rows = [f[labels == label] for label in np.unique(labels)]
    means = [each.mean(0) for each in rows]
    variances = [max(float(each.var(0).mean()), _LEAST_VARIANCE) for each in rows]
    total = 0.0
    for i, mean in enumerate(means):
        for j, other in enumerate(means):
            if i == j:
                continue
            both = (variances[i] + variances[j]) / 2
            log_ratio = np.log(both) - (np.log(variances[i]) + np.log(variances[j])) / 2
            distance = ((mean - other) ** 2).sum() / (8 * both) + width / 2 * log_ratio
            total -= np.exp(-distance)
    return float(total)


def sfda(features: np.ndarray, labels: np.ndarray) -> float:
    """Its authors' form: generalized eigenvectors, and the second softmax."""
    f = features.astype(np.float64)
    within, _ = _scatter(f, labels)
    shrinkage = max(float(np.exp(-5 * _largest_eigenvalue(within))), 1e-10)
    own = np.arange(len(f)), np.unique(labels, return_inverse=True)[1]
    kept = _softmax(_discriminant(f, labels, shrinkage))[own][:, None]
    means = _class_means(f, labels)
    others = (means.sum(0) - means) / (len(means) - 1)
    challenged = kept * f + (1 - kept) * others[own[1]]
    return float(_discriminant(challenged, labels, shrinkage)[own].mean())


def _class_means(f: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.stack([f[labels == label].mean(0) for label in np.unique(labels)])


def _scatter(f: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the items around their class means, and of all items."""
    around = f - _class_means(f, labels)[np.unique(labels, return_inverse=True)[1]]
    centered = f - f.mean(0)
    return around.T @ around / len(f), centered.T @ centered / len(f)


def _largest_eigenvalue(matrix: np.ndarray) -> float:
    """By three rounds of power iteration."""
    one = matrix.sum(1)
    for _ in range(3):
        other = matrix @ one
        other /= np.linalg.norm(other)
        one = matrix @ other
        one /= np.linalg.norm(one)
    return float(one @ matrix @ other)


def _discriminant(f: np.ndarray, labels: np.ndarray, shrinkage: float) -> np.ndarray:
    """The probabilities [N, classes] of Fisher's discriminant."""
    within, total = (_shrunk(matrix, shrinkage) for matrix in _scatter(f, labels))
    values, vectors = linalg.eigh(total - within, within)
    vectors = vectors[:, np.argsort(values)[::-1]]
    means = _class_means(f, labels)
    weights = means @ vectors @ vectors.T
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return _softmax(f @ weights.T - 0.5 * np.diag(means @ weights.T) + np.log(shares))


def _shrunk(matrix: np.ndarray, shrinkage: float) -> np.ndarray:
    width = len(matrix)
    return (1 - shrinkage) * matrix + shrinkage * np.trace(matrix) / width * np.eye(width)


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
