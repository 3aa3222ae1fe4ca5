# SPDX-License-Identifier: Apache-2.0
"""Configurations by their names: full networks, tails after a cached trunk, joint networks."""

import math
import re
from typing import Any

from results import schema


def is_joint(configuration: str | None) -> bool:
    return (configuration or "").startswith("joint_")


def is_tail(configuration: str | None) -> bool:
    """Whether the network reads the activations of its trunk. A joint network reads the items."""
    return (configuration or "").startswith("last_")


def heads(row: Any) -> int:
    """The number of tails of a joint row: its counter, else what its name says."""
    counted = row.get("heads", math.nan)
    written = dict(row["keys"]).get("heads", schema.DEFAULTS["heads"])
    return int(counted if math.isfinite(counted) else written)


def order(configuration: str | None) -> tuple:
    """From most to least work where MACs are unknown: full, percentages, then block counts."""
    match = re.fullmatch(r"(joint_)?last_(\d+)(pct)?", configuration or "")
    if match is None:
        return (0 if configuration == "full" else 3, 0.0, configuration or "")
    return (1 if match[3] else 2, -float(match[2]), configuration or "")
