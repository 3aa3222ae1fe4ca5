# SPDX-License-Identifier: Apache-2.0
"""Ranking of the candidates by their proxy score.

The rule, for measured EndToEnd rows with a score (benchmarks/results/ranking.cpp has it too):
1. Rows rank together that agree in the file and in the value of every axis whose `affects` has
   `features` or `score`, except subject and configuration (a tail's features equal its full
   network's). A key that a name leaves out has the axis's default.
2. A row ranks its subject with its value and `loss`. The value is `score_value`, or `accuracy` in
   rows of versions that did not write it. A joint row has several heads: the label names them
   (`heads=a,b`), and their counters end in `_head<i>`. It ranks each of
   them, but only where each head is a candidate: a head with random weights makes `random_heads`
   positive and its name contains `-random-head-`. A joint row whose label names no heads ranks
   nothing.
3. A candidate's value is the median over its rows. Its place is 1 plus the number of candidates of
   its group whose value is higher by 0.0005 or more, so that equal values share a place. Places are
   sorted by falling value, then by rising loss, then by the order of rows.
4. Values of one candidate's rows that differ by 0.0005 or more are shown with their range.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from results import configurations, schema, settings

_KEYS = tuple(key for key in schema.affecting("features", "score")
              if key not in ("subject", "configuration"))  # fmt: skip
_EQUAL = 0.0005  # Values closer than this are shown as one.
_RANDOM_HEAD = "-random-head-"


@dataclass(frozen=True)
class Ranked:
    """A candidate's place; `rows` are its EndToEnd rows, fastest first. Those of joint networks
    have its name, value, accuracy and loss. `is_accuracy`: the value is an accuracy, 0 to 1."""

    place: int
    value: float
    is_accuracy: bool
    lowest: float
    highest: float
    rows: pd.DataFrame

    @property
    def agree(self) -> bool:
        return self.highest - self.lowest < _EQUAL


def rankings(end_to_end: pd.DataFrame) -> list[tuple[tuple[str, ...], list[Ranked]]]:
    """The rankings with the words that name each: the file, then the settings that are not at their
    default or that differ between the rankings of the file."""
    if end_to_end.empty or not {"accuracy", "score_value"} & set(end_to_end.columns):
        return []
    end_to_end = end_to_end.assign(value=_values(end_to_end, ""))
    is_joint = end_to_end["configuration"].map(configurations.is_joint).astype(bool)
    alone = end_to_end[~is_joint & end_to_end["value"].notna()]
    heads = [head for index in end_to_end.index[is_joint] for head in _heads(end_to_end, index)]
    ranked = pd.concat([alone, *heads], ignore_index=True)
    groups: dict[tuple, list[int]] = {}
    for index, row in ranked.iterrows():
        groups.setdefault((row["source"], _settings(row)), []).append(index)
    return [
        (_words(group, list(groups)), _ranked(ranked.loc[indices]))
        for group, indices in groups.items()
    ]


def _values(rows: pd.DataFrame, ending: str) -> pd.Series:
    """What ranks, by the counters that end in `ending`; NaN where a row has no score."""
    missing = pd.Series(math.nan, index=rows.index)
    accuracies = rows.get(f"accuracy{ending}", missing)
    return rows.get(f"score_value{ending}", missing).fillna(accuracies)


def _heads(rows: pd.DataFrame, index: Any) -> list[pd.DataFrame]:
    """The candidates that a joint row ranks, each as a row with its name."""
    row = rows.loc[index]
    named = re.search(r"\bheads=(\S+)", row["label"])
    names = named[1].split(",") if named else []
    one = rows.loc[[index]]
    values = [_values(one, f"_head{place}").iloc[0] for place in range(len(names))]
    random = row.get("random_heads", 0) > 0 or any(_RANDOM_HEAD in name for name in names)
    if random or any(pd.isna(value) for value in values):
        return []
    return [
        one.assign(
            subject=name,
            value=value,
            accuracy=row.get(f"accuracy_head{place}", math.nan),
            loss=row.get(f"loss_head{place}", math.nan),
        )
        for place, (name, value) in enumerate(zip(names, values, strict=True))
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
    middle = rows.groupby("subject", sort=False)[["value", "loss"]].median()
    middle = middle.sort_values(["value", "loss"], ascending=[False, True], kind="stable")
    result = []
    for subject, value in middle["value"].items():
        own = rows[rows["subject"] == subject].sort_values("seconds", kind="stable")
        place = 1 + int((middle["value"] - value >= _EQUAL).sum())
        is_accuracy = "accuracy" in own and bool(own["accuracy"].notna().all())
        lowest, highest = own["value"].min(), own["value"].max()
        result.append(Ranked(place, float(value), is_accuracy, lowest, highest, own))
    return result
