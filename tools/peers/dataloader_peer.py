# SPDX-License-Identifier: Apache-2.0
"""torchvision's ImageFolder in PyTorch's DataLoader: what most Python searches read images with.

Workers are processes. The figure is that of the steady state: the start of the workers and the
first batches are reported separately. Items repeat within one long pass, because a new epoch would
start new workers.
"""

import dataclasses
import time

from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult, loader_result


def transform():
    from torchvision import transforms

    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )


def loader(setting: LoaderSetting, items: int | None = None):
    """Batches of `items` items (None: each once) in the order of the data set, which repeats."""
    import torch
    from torchvision import datasets

    torch.set_num_threads(1)
    data = datasets.ImageFolder(f"{setting.folder}/train", transform())
    count = len(data) if items is None else items
    return torch.utils.data.DataLoader(
        data,
        batch_size=setting.batch,
        sampler=[index % len(data) for index in range(count)],
        num_workers=setting.workers,
    )


def measure(setting: LoaderSetting) -> PeerResult:
    start = time.perf_counter()
    batches = iter(loader(setting, setting.batches * setting.batch))
    next(batches)
    first = time.perf_counter() - start
    for _ in range(setting.warmup_batches - 1):
        next(batches)
    start = time.perf_counter()
    for _ in range(setting.batches - setting.warmup_batches):
        next(batches)
    seconds = time.perf_counter() - start
    del batches
    start = time.perf_counter()
    items = sum(len(images) for images, _ in loader(setting))
    first_pass = items / (time.perf_counter() - start)
    return loader_result(setting.batch, setting.measured_items / seconds, first, first_pass)


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
