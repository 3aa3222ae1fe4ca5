# SPDX-License-Identifier: Apache-2.0
"""The order of rows in tables and figures: by the steps of a search, the largest networks last."""

import math
import re

import pandas as pd

from results import configurations, schema


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Order by step, device, work of the network (MACs), work of the configuration, settings."""
    macs = rows["macs"] if "macs" in rows else pd.Series(math.nan, index=rows.index)
    # The trunk writes activations; its work is largest where the configuration's is smallest.
    macs = macs.where(rows["step"] != "WriteActivations")
    known = rows.assign(macs=macs).groupby(["subject", "configuration"], dropna=False)["macs"].max()
    network = known.groupby("subject").max()
    places = {step: place for place, step in enumerate(schema.STEPS)}

    def position(row: pd.Series) -> tuple:
        subject_macs = network.get(row["subject"], math.nan)
        work = known.get((row["subject"], row["configuration"]), math.nan)
        return (
            places.get(row["step"], len(places)),
            row["step"],
            row["source"],
            row["device"],
            math.inf if math.isnan(subject_macs) else subject_macs,
            natural(row["subject"]),
            configurations.is_joint(row["configuration"]),  # Joint networks come last.
            configurations.order(row["configuration"]) if math.isnan(work) else (0, -work, ""),
            row["mode"] != "serial",
            len(row["keys"]),
            tuple((key, natural(value)) for key, value in row["keys"]),
            row["batch"] if not pd.isna(row["batch"]) else 0,
        )

    order = sorted(rows.index, key=lambda index: position(rows.loc[index]))
    # pandas keeps columns that were set one by one in blocks of their own, and rows of Blocks have
    # hundreds of counters; a copy joins these blocks.
    return rows.loc[order].reset_index(drop=True).copy()


def natural(text: str) -> tuple:
    """Sort key that puts resnet18 before resnet101."""
    parts = re.split(r"(\d+)", text)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
