# SPDX-License-Identifier: Apache-2.0
"""Times the batches of Python's side of inference, as our program times its own."""

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from peers.rows import PeerResult


def measure(
    call: Callable[..., Any],
    inputs: Sequence[tuple],
    batches: int,
    warmup_batches: int,
    warmup_seconds: float = 0.0,
) -> list[float]:
    """Seconds of each batch after the warm-up, which `batches` includes. The inputs take turns; a
    GPU gets batches back to back, after a warm-up of at least `warmup_seconds`."""
    import torch

    turns = itertools.cycle(inputs)
    measured = batches - warmup_batches
    if not inputs[0][0].is_cuda:
        seconds = []
        for _ in range(batches):
            start = time.perf_counter()
            call(*next(turns))
            seconds.append(time.perf_counter() - start)
        return seconds[warmup_batches:]
    start = time.perf_counter()
    while True:
        for _ in range(warmup_batches):
            call(*next(turns))
        # Wait after the warm-up: launches that queue behind slow first batches would hide a gap.
        torch.cuda.synchronize()
        if time.perf_counter() - start >= warmup_seconds:
            break
    events = [torch.cuda.Event(enable_timing=True) for _ in range(measured + 1)]
    events[0].record()
    for index in range(measured):
        call(*next(turns))
        events[index + 1].record()
    torch.cuda.synchronize()
    return [start.elapsed_time(end) / 1e3 for start, end in itertools.pairwise(events)]


def result(seconds: list[float], batch: int, further: dict[str, float] | None = None) -> PeerResult:
    mean = statistics.fmean(seconds)
    counters = {
        "p50": statistics.median(seconds),
        "items_per_second": batch / mean,
        "batches": len(seconds),
    }
    return PeerResult(mean, counters | (further or {}))
