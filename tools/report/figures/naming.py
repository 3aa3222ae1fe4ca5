# SPDX-License-Identifier: Apache-2.0
"""Words of the figures: labels of rows, what all rows share, and the numbers in the texts for
readers who cannot see an image."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from report import steps, wording

_LONGEST = 150  # Letters that fit below a title.


def networks(rows: pd.DataFrame, contexts: dict[str, Any]) -> list[str]:
    """The network of each row."""
    return [wording.network(subject) for subject in rows["subject"]]


def apart(rows: pd.DataFrame, without: Iterable[str] = ()) -> list[list[str]]:
    """The settings of each row in which the rows differ."""
    return wording.settings(_less(rows, without))[0]


def labels(rows: pd.DataFrame, contexts: dict[str, Any], without: Iterable[str] = ()) -> list[str]:
    """`ResNet-18 · last_3 · batch 128`: what distinguishes each row. `without` names settings
    that the figure shows in another way."""
    names = zip(networks(rows, contexts), rows.iterrows(), apart(rows, without), strict=True)
    return [
        " · ".join([network, *configuration(row), *settings])
        for network, (_, row), settings in names
    ]


def configuration(row: pd.Series) -> list[str]:
    """`last_3 (= last_50pct)`, or an empty text for rows of data."""
    same = f" (= {row['same_cut_as']})" if row["same_cut_as"] else ""
    return [f"{row['configuration']}{same}"] if row["configuration"] else []


def shared(rows: pd.DataFrame, contexts: dict[str, Any], without: Iterable[str] = ()) -> str:
    """What all rows have in common, as the line below a title."""
    _, settings = wording.settings(_less(rows, without))
    return ", ".join(settings)


def short(text: str) -> str:
    """The part of a line that fits into an image."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 2].rsplit(", ", 1)[0] + ", …"


def where(rows: pd.DataFrame) -> str:
    """` on the GPU`, or an empty text where the rows ran on several devices."""
    devices = rows["device"].unique()
    return f" on {wording.device(devices[0])}" if len(devices) == 1 else ""


def span(values: Iterable[float], names: Iterable[str], text: Callable[[float], str]) -> str:
    """`from 1.2 s (ResNet-18) to 4.5 s (ResNet-50)`; equal names are given once."""
    known = [pair for pair in zip(values, names, strict=True) if math.isfinite(pair[0])]
    if not known:
        return "nothing"
    least, most = min(known, key=lambda pair: pair[0]), max(known, key=lambda pair: pair[0])
    if least[0] == most[0]:
        return f"{text(least[0])} ({least[1]})"
    return f"from {text(least[0])} ({least[1]}) to {text(most[0])} ({most[1]})"


def _less(rows: pd.DataFrame, without: Iterable[str]) -> pd.DataFrame:
    dropped = tuple(without)
    kept = [tuple(pair for pair in pairs if pair[0] not in dropped) for pairs in rows["keys"]]
    result = rows.assign(keys=pd.Series(kept, index=rows.index, dtype=object))
    return result.assign(batch=pd.NA) if "batch" in dropped else result


def rows_of_steps(rows: pd.DataFrame, contexts: dict[str, Any]) -> list[str]:
    """The step, the network with its cut, then what distinguishes a row within the step."""
    names = dict(zip(rows.index, networks(rows, contexts), strict=True))
    found: dict[Any, str] = {}
    for step, own in rows.groupby("step", sort=False):
        for index, settings in zip(own.index, apart(own), strict=True):
            cut = configuration(own.loc[index]) if own.loc[index, "configuration"] != "full" else []
            words = [steps.FAMILIES.get(step, step), names[index], *cut, *settings]
            found[index] = " · ".join(words)
    return [found[index] for index in rows.index]
