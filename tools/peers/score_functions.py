# SPDX-License-Identifier: Apache-2.0
"""The peer of each score: its function in Python, what it reads, and how far its value may be from
ours where both are right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ScoreFunction:
    """`function` is a name in a module of this folder, or makes one from `argument`. Values may
    differ by `relative` of the peer's or by `absolute`; the reason is next to those that are not
    closed forms."""

    module: str
    function: str
    argument: str = ""
    reads: str = "features"
    relative: float = 1e-6
    absolute: float = 1e-9

    def agrees(self, ours: float, theirs: float) -> bool:
        return abs(ours - theirs) <= max(self.absolute, self.relative * abs(theirs))

    def load(self) -> Callable[[Any, Any], float]:
        """Imports scikit-learn and scipy, which takes seconds."""
        import importlib

        found = getattr(importlib.import_module(f"peers.{self.module}"), self.function)
        return found(self.argument) if self.argument else found


def _separation(name: str, relative: float = 1e-6) -> ScoreFunction:
    return ScoreFunction("separation_scores", name, relative=relative)


def _of_source(name: str) -> ScoreFunction:
    return ScoreFunction("source_scores", name, reads="source_probabilities")


def _items(module: str, name: str, absolute: float, argument: str = "") -> ScoreFunction:
    return ScoreFunction(module, name, argument, relative=0, absolute=absolute)


# By the names of the program's scores.
FUNCTIONS: dict[str, ScoreFunction] = {
    # Float32 rounds otherwise: items near the border change sides.
    "linear": _items("neighbor_scores", "probe", 0.005, "linear"),
    "minibatch": _items("neighbor_scores", "probe", 0.01, "minibatch"),
    # scikit-learn stops at a larger gradient.
    "logistic": _items("neighbor_scores", "logistic", 0.01),
    # Of items equally near, any may be among the nearest.
    "knn": _items("neighbor_scores", "knn", 0.002),
    # The fixed point stops where it moves by less than 1e-6, before the optimum.
    "logme": _separation("logme", 1e-4),
    "hscore": _separation("hscore", 1e-5),
    "hscore_regularised": _separation("hscore_regularised"),
    "transrate": _separation("transrate"),
    "gbc": _separation("gbc"),
    "sfda": _separation("sfda", 1e-5),
    # Of 100; the randomized projection is not that of our generator.
    "parc": _items("neighbor_scores", "parc", 0.5),
    "leep": _of_source("leep"),
    "nce": _of_source("nce"),
    # Means of five mixtures, which begin at random places and differ by as much among seeds.
    "nleep": ScoreFunction("source_scores", "nleep", relative=0.2, absolute=0.05),
    "pactran": _of_source("pactran"),
}
