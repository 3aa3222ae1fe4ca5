# SPDX-License-Identifier: Apache-2.0
"""Which rows share an image: those that may be compared. Others get separate images."""

import math
from collections.abc import Iterable, Iterator

import pandas as pd

from report.figures.canvas import Part

# Batch sizes that the program measures where a step does not sweep, the first choice first. Rows of
# the CPU have the GPU's size where data was loaded for a GPU.
_BATCHES = {"gpu": (128, 8), "cpu": (8, 128)}


def number(rows: pd.DataFrame, counter: str) -> pd.Series:
    """A counter of each row as a float; NaN where a row or all of them lack it."""
    if counter not in rows:
        return pd.Series(math.nan, index=rows.index, dtype=float)
    return pd.to_numeric(rows[counter], errors="coerce").astype(float)


def having(rows: pd.DataFrame, *counters: str) -> pd.DataFrame:
    """The rows in which every one of these counters is a positive number."""
    kept = pd.Series(True, index=rows.index)
    for counter in counters:
        kept &= number(rows, counter) > 0
    return rows[kept]


# Full networks have no such settings, so the labels of tails show them.
_OF_TAILS = ("cache",)


def keys(row: pd.Series, without: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """The settings of a row without those that an axis of the figure shows, and without those that
    only tails have."""
    return tuple((key, value) for key, value in row["keys"]
                 if key not in without and key not in _OF_TAILS)  # fmt: skip


def groups(
    rows: pd.DataFrame, prefix: str, columns: Iterable[str] = (), without: Iterable[str] = ()
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows of one domain, file and setting, and of one value of each of `columns`, with a name for
    their files. Settings in `without` do not separate rows."""
    if rows.empty:
        return
    without = tuple(without)
    settings = rows.apply(lambda row: keys(row, without), axis=1, result_type="reduce")
    labelled = rows.assign(settings=settings)
    apart = ["domain", "source", *columns, "settings"]
    shared = set.intersection(*(set(pairs) for pairs in settings))
    for values, group in labelled.groupby(apart, sort=False, dropna=False):
        words = [prefix]
        for column, value in zip(apart[:-1], values[:-1], strict=True):
            named = column in columns or labelled[column].nunique(dropna=False) > 1
            words += [str(value)] if named and not pd.isna(value) else []
        words += [f"{key}-{value}" for key, value in values[-1] if (key, value) not in shared]
        yield "_".join(word for word in words if word), group.drop(columns="settings")


def one_batch(rows: pd.DataFrame) -> pd.DataFrame:
    """Keeps one batch size per file and device: the program's default where it was measured, else
    the one with most rows, the largest of equals. Rows of steps without a batch stay."""
    kept = []
    for (_, device), group in rows.groupby(["source", "device"], sort=False):
        sizes = group["batch"].dropna().value_counts()
        known = [size for size in _BATCHES["cpu" if device == "cpu" else "gpu"] if size in sizes]
        chosen = known or ([max(sizes.index[sizes == sizes.max()])] if len(sizes) else [0])
        kept += list(group.index[group["batch"].isna() | (group["batch"] == chosen[0])])
    return rows.loc[[index for index in rows.index if index in set(kept)]]


def whole(rows: pd.DataFrame, column: str, most: int, name: str) -> Iterator[Part]:
    """Images of at most `most` rows that do not cut through equal values of a column unless one
    value alone has more."""
    parts: list[pd.DataFrame] = []
    for _, same in rows.groupby(column, sort=False, dropna=False):
        pieces = math.ceil(len(same) / most)
        each = math.ceil(len(same) / pieces)
        for first in range(0, len(same), each):
            piece = same.iloc[first : first + each]
            if parts and pieces == 1 and len(parts[-1]) + len(piece) <= most:
                parts[-1] = pd.concat([parts[-1], piece])
            else:
                parts.append(piece)
    for place, part in enumerate(parts):
        yield Part(part, place + 1, len(parts), name)


def parts(
    rows: pd.DataFrame, prefix: str, columns: Iterable[str], most: int, without: Iterable[str] = ()
) -> Iterator[Part]:
    """The images of groups(), each of at most `most` rows and without splitting a network."""
    for name, group in groups(rows, prefix, columns, without):
        yield from whole(group, "subject", most, name)
