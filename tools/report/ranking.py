# SPDX-License-Identifier: Apache-2.0
"""Ranking of the candidates by the accuracy of their probe, configurations of one grouped."""

from dataclasses import dataclass

import pandas as pd

from report import joint

# Keys that change the score itself; rows that differ in them are ranked apart.
_KEYS = ("data", "max_length", "pooling", "precision", "probe")
_EQUAL = 0.0005  # Accuracies closer than this are shown as one.


@dataclass(frozen=True)
class Ranked:
    """A candidate's place; `rows` are its EndToEnd rows, fastest first."""

    place: int
    accuracy: float
    lowest: float
    highest: float
    rows: pd.DataFrame

    @property
    def agree(self) -> bool:
        return self.highest - self.lowest < _EQUAL


def rankings(end_to_end: pd.DataFrame) -> list[tuple[tuple[str, ...], list[Ranked]]]:
    """A ranking per file and setting of the score, with the words that name it."""
    if "accuracy" not in end_to_end:
        return []
    # A joint row has the time of several heads and the accuracy of the best: it ranks no candidate.
    alone = ~end_to_end["configuration"].map(joint.is_joint).astype(bool)
    rows = end_to_end[end_to_end["accuracy"].notna() & alone]
    groups: dict[tuple[str, ...], list] = {}
    for index, row in rows.iterrows():
        keys = tuple(f"{key}={value}" for key, value in row["keys"] if key in _KEYS)
        groups.setdefault((row["source"], *keys), []).append(index)
    return [(words, _ranked(rows.loc[indices])) for words, indices in groups.items()]


def _ranked(rows: pd.DataFrame) -> list[Ranked]:
    order = rows.groupby("subject", sort=False)["accuracy"].median()
    order = order.sort_values(ascending=False, kind="stable")
    result = []
    for subject, accuracy in order.items():
        own = rows[rows["subject"] == subject].sort_values("seconds", kind="stable")
        place = 1 + int((order > accuracy + 1e-12).sum())
        accuracies = own["accuracy"]
        result.append(Ranked(place, float(accuracy), accuracies.min(), accuracies.max(), own))
    return result
