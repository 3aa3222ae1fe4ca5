# SPDX-License-Identifier: Apache-2.0
"""After how many searches an activation cache has saved time.

The cache of a tail pays after `build_cache / (full - tail)` searches, where `full` and `tail` are
the seconds of two EndToEnd rows of one file, candidate, device and batch size. The full row is the
one whose settings, defaults written out, equal the tail's in everything but `configuration` and
`storage`, which only the tail's reading has. The number is missing where the full network is not
slower, where its row is missing, and for joint networks, which read no cache. It is at least 1: no
cache pays before the first search that reads it.
"""

import pandas as pd

from results import configurations, settings


def added(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds `cache_pays_after` to each row whose full row exists. For the other rows a number that
    the file already contains stays."""
    if "build_cache" not in rows:
        return rows
    searches = rows[(rows["step"] == "EndToEnd") & rows["error"].isna()]
    full = {_key(row): row["seconds"] for row in searches.to_dict("records")
            if row["configuration"] == "full"}  # fmt: skip
    known = rows.get("cache_pays_after", pd.Series(float("nan"), index=rows.index)).copy()
    for index, row in searches.iterrows():
        if not configurations.is_tail(row["configuration"]) or not row["build_cache"] >= 0:
            continue
        seconds = full.get(_key(row))
        if seconds is not None:
            saved = seconds - row["seconds"]
            known[index] = max(1.0, row["build_cache"] / saved) if saved > 0 else float("nan")
    if "cache_pays_after" not in rows and known.isna().all():
        return rows
    return rows.assign(cache_pays_after=known)


def _key(row: pd.Series | dict) -> tuple:
    """Equal for a tail and for its full network."""
    setting = settings.written(row) | {"configuration": "", "storage": ""}
    return row["source"], row["subject"], row["device"], tuple(sorted(setting.items()))
