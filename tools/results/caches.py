# SPDX-License-Identifier: Apache-2.0
"""After how many searches an activation cache has saved time.

The cache of a tail pays after `build_cache / (full - tail)` searches, where `full`
and `tail` are the seconds of two EndToEnd rows of one file, candidate, device and batch size. The
full row is the one whose settings, defaults written out, equal the tail's in everything but
`configuration`, and `cache` and `storage`, which only the tail's reading has; in particular the
mode is the same, and the cache was built in that mode. A search that builds the cache does all of
the full search's work, so the number is at least 1; noise below that counts as 1.

The number is missing where the full network is not slower, where its row is missing, for joint
networks, which read no cache, and for older rows, which have no `cached_bytes`: their caches were
built in prefetch mode, whatever the row's mode was.
"""

import math

import pandas as pd

from results import configurations, settings


def added(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds `cache_pays_after` to each row whose full row exists. For the other rows a number that
    the file already contains stays, unless it is below 1."""
    if "build_cache" not in rows:
        return rows
    searches = rows[(rows["step"] == "EndToEnd") & rows["error"].isna()]
    full = {_key(row): row["seconds"] for row in searches.to_dict("records")
            if row["configuration"] == "full"}  # fmt: skip
    known = rows.get("cache_pays_after", pd.Series(float("nan"), index=rows.index)).copy()
    known[known < 1] = math.nan
    for index, row in searches.iterrows():
        if not configurations.is_tail(row["configuration"]) or not row["build_cache"] >= 0:
            continue
        seconds = full.get(_key(row))
        if seconds is not None:
            known[index] = _pays_after(row, seconds)
    if "cache_pays_after" not in rows and known.isna().all():
        return rows
    return rows.assign(cache_pays_after=known)


def _pays_after(tail: pd.Series, full_seconds: float) -> float:
    built_alike = tail["mode"] == "prefetch" or tail.get("cached_bytes", math.nan) > 0
    saved = full_seconds - tail["seconds"]
    if not built_alike or saved <= 0:
        return math.nan
    return max(1.0, tail["build_cache"] / saved)


def _key(row: pd.Series | dict) -> tuple:
    """Equal for a tail and for its full network."""
    setting = settings.written(row) | {"configuration": "", "storage": "", "cache": ""}
    return row["source"], row["subject"], row["device"], tuple(sorted(setting.items()))
