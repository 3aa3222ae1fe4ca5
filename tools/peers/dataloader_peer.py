# SPDX-License-Identifier: Apache-2.0
"""torchvision's ImageFolder in PyTorch's DataLoader: what most Python searches read images with.

Workers are processes. The figure is that of the steady state: the start of the workers and the
first batches are reported separately. Items repeat within one long pass, because a new epoch would
start new workers.
"""

import dataclasses

from peers import loader_timing
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult

_BATCHES_AHEAD = 2  # of each worker
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def transform():
    from torchvision import transforms

    return transforms.Compose(
        [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, DEVIATION),
        ]
    )


def data_set(folder: str):
    from torchvision import datasets

    return datasets.ImageFolder(f"{folder}/train", transform())


def loader(setting: LoaderSetting, items: int | None = None):
    """Batches of `items` items (None: each once) in the order of the data set, which repeats."""
    import torch

    torch.set_num_threads(1)
    data = data_set(setting.folder)
    return torch.utils.data.DataLoader(
        data,
        batch_size=setting.batch,
        sampler=order(len(data), items),
        num_workers=setting.workers,
        prefetch_factor=_BATCHES_AHEAD,
    )


def order(size: int, items: int | None) -> list[int]:
    """The items of a pass over a data set of this size, which repeats."""
    return [index % size for index in range(size if items is None else items)]


def measure(setting: LoaderSetting) -> PeerResult:
    ahead = setting.workers * _BATCHES_AHEAD
    return loader_timing.measure(lambda items: loader(setting, items), setting, ahead)


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
