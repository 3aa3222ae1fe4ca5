# SPDX-License-Identifier: Apache-2.0
"""Ranking of the candidates by the accuracy of their proxy score.

The rule, for measured EndToEnd rows with an accuracy:
1. Rows rank together that agree in the file and in the value of every axis whose `affects` has
   `features` or `score`, except subject and configuration (a tail's features equal its full
   network's). A key that a name leaves out has the axis's default.
2. A row ranks its subject with `accuracy` and `loss`. A joint row has several heads: the label
   names them (`heads=a,b`) and `accuracy_head<i>` and `loss_head<i>` are theirs. It ranks each of
   them, but only where each head is a candidate: a head with random weights makes `random_heads`
   positive and its name contains `-random-head-`. A joint row whose label names no heads ranks
   nothing.
3. A candidate's accuracy is the median over its rows. Its place is 1 plus the number of candidates
   of its group whose accuracy is higher by 0.0005 or more, so that equal accuracies share a place.
   Places are sorted by falling accuracy, then by rising loss, then by the order of rows.
4. Accuracies of one candidate's rows that differ by 0.0005 or more are shown with their range.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from results import configurations, schema, settings

_KEYS = tuple(key for key in schema.affecting("features", "score")
              if key not in ("subject", "configuration"))  # fmt: skip
_EQUAL = 0.0005  # Accuracies closer than this are shown as one.
_RANDOM_HEAD = "-random-head-"


@dataclass(frozen=True)
class Ranked:
    """A candidate's place; `rows` are its EndToEnd rows, fastest first. Those of joint networks
    have its name, accuracy and loss."""

    place: int
    accuracy: float
    lowest: float
    highest: float
    rows: pd.DataFrame

    @property
    def agree(self) -> bool:
        return self.highest - self.lowest < _EQUAL


def rankings(end_to_end: pd.DataFrame) -> list[tuple[tuple[str, ...], list[Ranked]]]:
    """The rankings with the words that name each: the file, then the settings that are not at their
    default or that differ between the rankings of the file."""
    if "accuracy" not in end_to_end:
        return []
    is_joint = end_to_end["configuration"].map(configurations.is_joint).astype(bool)
    alone = end_to_end[~is_joint & end_to_end["accuracy"].notna()]
    heads = [head for index in end_to_end.index[is_joint] for head in _heads(end_to_end, index)]
    ranked = pd.concat([alone, *heads], ignore_index=True)
    groups: dict[tuple, list[int]] = {}
    for index, row in ranked.iterrows():
        groups.setdefault((row["source"], _settings(row)), []).append(index)
    return [
        (_words(group, list(groups)), _ranked(ranked.loc[indices]))
        for group, indices in groups.items()
    ]


def _heads(rows: pd.DataFrame, index: Any) -> list[pd.DataFrame]:
    """The candidates that a joint row ranks, each as a row with its name."""
    row = rows.loc[index]
    named = re.search(r"\bheads=(\S+)", row["label"])
    names = named[1].split(",") if named else []
    accuracies = [row.get(f"accuracy_head{place}") for place in range(len(names))]
    random = row.get("random_heads", 0) > 0 or any(_RANDOM_HEAD in name for name in names)
    if random or any(pd.isna(accuracy) for accuracy in accuracies):
        return []
    return [
        rows.loc[[index]].assign(
            subject=name, accuracy=accuracy, loss=row.get(f"loss_head{place}", math.nan)
        )
        for place, (name, accuracy) in enumerate(zip(names, accuracies, strict=True))
    ]


def _settings(row: pd.Series) -> tuple[tuple[str, str], ...]:
    known: dict[str, Any] = settings.written(row) | {"device": row["device"]}
    return tuple((key, known[key]) for key in _KEYS if key in known)


def _words(group: tuple, groups: list[tuple]) -> tuple[str, ...]:
    source, own = group
    others = [dict(other) for file, other in groups if file == source]
    words = [
        value if schema.AXES[key].named == "part" else f"{key}={value}"
        for key, value in own
        if value != schema.DEFAULTS.get(key, value)
        or any(other.get(key) != value for other in others)
    ]
    return (source, *words)


def _ranked(rows: pd.DataFrame) -> list[Ranked]:
    if "loss" not in rows:
        rows = rows.assign(loss=float("nan"))
    middle = rows.groupby("subject", sort=False)[["accuracy", "loss"]].median()
    middle = middle.sort_values(["accuracy", "loss"], ascending=[False, True], kind="stable")
    result = []
    for subject, accuracy in middle["accuracy"].items():
        own = rows[rows["subject"] == subject].sort_values("seconds", kind="stable")
        place = 1 + int((middle["accuracy"] - accuracy >= _EQUAL).sum())
        accuracies = own["accuracy"]
        result.append(Ranked(place, float(accuracy), accuracies.min(), accuracies.max(), own))
    return result
