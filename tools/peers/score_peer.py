# SPDX-License-Identifier: Apache-2.0
"""A score in Python on a file of features, in a process of its own."""

import time
from pathlib import Path
from statistics import fmean, median
from typing import Any

from peers import peer_process
from peers.score_features import read
from peers.score_functions import FUNCTIONS

# What warms up: imports and threads, in little time whatever the score.
_ITEMS, _WIDTH = 200, 64
# A first run that takes longer is the only one.
_SHORT = 1.0  # seconds


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """`file`, `probe`, and the `repetitions` of a score that takes no longer than a second; a
    longer one is timed once, after a run on a small part. Features are in memory."""
    peer = FUNCTIONS[given["probe"]]
    tensors = read(Path(given["file"]))
    function = peer.load()
    values, labels = tensors[peer.reads], tensors["labels"]
    width = _WIDTH if peer.reads == "features" else values.shape[1]
    function(values[:_ITEMS, :width].copy(), labels[:_ITEMS])
    seconds: list[float] = []
    value = 0.0
    for run in range(1 + given["repetitions"]):
        start = time.perf_counter()
        value = function(values, labels)
        seconds.append(time.perf_counter() - start)
        if run == 0 and seconds[0] >= _SHORT:
            break
    timed = seconds[1:] or seconds
    counters = {"p50": median(timed), "batches": len(timed), "score_value": value}
    return {"seconds": fmean(timed), "counters": counters}


if __name__ == "__main__":
    peer_process.serve(measure)
