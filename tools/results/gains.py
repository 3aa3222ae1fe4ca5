# SPDX-License-Identifier: Apache-2.0
"""What a row gains over other ways to the same result.

A joint network computes the features of all of its heads in one pass. `gain_over_separate` is the
seconds of the same heads as separate full networks over the row's, `gain_over_cached` the seconds
of building the cache and running the heads as tails over the row's; above 1 the joint network is
faster. The program measures the other ways next to the row (`separate_*`, `cached_*`).
A tail is compared with the full network of the same file, step, device and settings: by its share
of the time and by its share of the multiply-accumulates.
"""

import math

import pandas as pd

from results import configurations

# Each gain with the counters that hold the seconds of the other way, in EndToEnd and in Inference.
_OTHER_WAYS = {
    "gain_over_separate": ("separate_end_to_end", "separate_seconds"),
    "gain_over_cached": ("cached_end_to_end",),
}


def added(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds the gains of each row for which the seconds of the other way are known. For the other
    rows a gain that the file already contains stays."""
    for gain, counters in _OTHER_WAYS.items():
        for counter in counters:
            if counter in rows:
                computed = (rows[counter] / rows["seconds"]).where(rows["seconds"] > 0)
                rows = rows.assign(**{gain: computed.fillna(rows.get(gain, math.nan))})
    return rows


def beside_full(rows: pd.DataFrame) -> pd.DataFrame:
    """Tails and their full networks among rows of one step, device and setting, from most to least
    work. `of_time` and `of_work` are the shares of the full network's time and work. Networks
    without a full row or without a tail are left out."""
    full = rows[rows["configuration"] == "full"].drop_duplicates("subject").set_index("subject")
    tails = set(rows[rows["configuration"] != "full"]["subject"])
    rows = rows[rows["subject"].isin(full.index) & rows["subject"].isin(tails)]
    order = {subject: place for place, subject in enumerate(dict.fromkeys(rows["subject"]))}
    rows = rows.assign(
        of_time=rows["seconds"] / rows["subject"].map(full["seconds"]),
        of_work=rows["macs"] / rows["subject"].map(full["macs"]),
        order=rows["subject"].map(order),
    )
    return rows.sort_values(["order", "macs"], ascending=[True, False], kind="stable")


def share_of_full_work(row: pd.Series, rows: pd.DataFrame) -> float:
    """The share of the full network's multiply-accumulates that a tail does. For a joint network it
    is the share of as many full networks as it has heads. NaN where `rows` has no full network."""
    if row["configuration"] in (None, "full") or "macs" not in rows:
        return math.nan
    full = rows[(rows["subject"] == row["subject"]) & (rows["configuration"] == "full")]["macs"]
    networks = configurations.heads(row) if configurations.is_joint(row["configuration"]) else 1
    whole = networks * full.max()
    return row["macs"] / whole if len(full) and whole > 0 else math.nan
