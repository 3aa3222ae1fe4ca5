# SPDX-License-Identifier: Apache-2.0
"""Times a loader: the first batch, the steady state, and a first pass over every item."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from peers.loader_setting import LoaderSetting
from peers.rows import PeerResult, loader_result


def measure(
    load: Callable[[int | None], Iterable[Any]],
    setting: LoaderSetting,
    ahead: int,
    device: str = "cpu",
) -> PeerResult:
    """`load` gives batches of images with their labels, of so many items (None: each once), on this
    device. A GPU's batches count when they are complete. The loader works `ahead` batches ahead: as
    many more are requested than are timed, so that it is busy until the last of these."""
    import torch
    import torchvision  # noqa: F401  Imports are not a part of loading.

    def wait() -> None:
        if device != "cpu":
            torch.cuda.synchronize()

    torch.zeros(1, device=device)  # Neither is the CUDA context.
    start = time.perf_counter()
    batches = iter(load((setting.batches + ahead) * setting.batch))
    next(batches)
    wait()
    first = time.perf_counter() - start
    for _ in range(setting.warmup_batches - 1):
        next(batches)
    wait()
    start = time.perf_counter()
    for _ in range(setting.batches - setting.warmup_batches):
        next(batches)
    wait()
    seconds = time.perf_counter() - start
    del batches
    start = time.perf_counter()
    items = sum(len(images) for images, _ in load(None))
    wait()
    first_pass = items / (time.perf_counter() - start)
    return loader_result(setting.batch, setting.measured_items / seconds, first, first_pass)
