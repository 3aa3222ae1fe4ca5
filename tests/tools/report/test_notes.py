# SPDX-License-Identifier: Apache-2.0
"""The remarks of a row in a report's tables."""

from pathlib import Path

import planted
import pytest
from report import tables


@pytest.mark.parametrize(
    ("counters", "note"),
    [
        ({"launch_bound": 1, "near_host_pace": 0}, "launch_bound"),
        ({"launch_bound": 0, "near_host_pace": 1}, "near the host's pace"),
        ({"drift": 1.031, "drifted": 1}, "drifted by +3.1 %"),
        ({"drift": 0.97, "drifted": 1}, "drifted by -3.0 %"),
        ({"drift": 1.009, "drifted": 0}, ""),
        ({}, ""),
    ],
)
def test_flags_become_notes(tmp_path: Path, counters: dict[str, float], note: str) -> None:
    results = planted.read(
        tmp_path,
        planted.inference("resnet18/full/cuda/batch:100", 1000, **counters),
        planted.inference("resnet18/last_1/cuda/batch:100", 1000, launch_bound=1),
    )
    lines = tables.throughput("Inference", results).splitlines()
    first, second = (line.split("|")[-2].strip().replace("\\", "") for line in lines[-2:])
    assert (first, second) == (note, "launch_bound")
