# SPDX-License-Identifier: Apache-2.0
"""torchvision's decoder on a GPU: decode_jpeg of lists, then resizing and normalizing there.

Threads read files ahead; a list of files is decoded at once, and images of equal size are resized
at once. On a CPU the same calls run there. Only JPEG files are read.
"""

import concurrent.futures
import dataclasses
from collections import deque
from collections.abc import Iterator
from typing import Any

from peers import dataloader_peer, loader_timing
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult
from peers.tuned_dataloader_peer import normalized

_BATCHES_AHEAD = 4


def files(setting: LoaderSetting, items: int | None) -> Iterator[tuple[list[Any], list[int]]]:
    """The bytes of each batch's files and their labels, in the order of the data set."""
    from torchvision import datasets
    from torchvision.io import read_file

    samples = datasets.ImageFolder(f"{setting.folder}/train").samples
    order = dataloader_peer.order(len(samples), items)
    parts = [order[at : at + setting.batch] for at in range(0, len(order), setting.batch)]
    reading: deque = deque()
    with concurrent.futures.ThreadPoolExecutor(setting.workers) as pool:

        def read(part: list[int]) -> None:
            labels = [samples[index][1] for index in part]
            reading.append(([pool.submit(read_file, samples[i][0]) for i in part], labels))

        for part in parts[:_BATCHES_AHEAD]:
            read(part)
        for index in range(len(parts)):
            data, labels = reading.popleft()
            if index + _BATCHES_AHEAD < len(parts):
                read(parts[index + _BATCHES_AHEAD])
            yield [each.result() for each in data], labels


def images(encoded: list[Any], device: str) -> Any:
    """[N, 3, 224, 224] float32 on the device."""
    import torch
    from torchvision.io import ImageReadMode, decode_jpeg
    from torchvision.transforms.v2 import functional

    decoded = decode_jpeg(encoded, mode=ImageReadMode.RGB, device=device)
    places: dict[tuple[int, ...], list[int]] = {}
    for index, image in enumerate(decoded):
        places.setdefault(tuple(image.shape), []).append(index)
    cropped: dict[int, Any] = {}
    for same in places.values():
        resized = functional.resize(torch.stack([decoded[i] for i in same]), [256], antialias=True)
        cropped.update(zip(same, functional.center_crop(resized, [224, 224]), strict=True))
    # Stacked and not written by a tensor of indices, whose copy to a GPU would wait for it.
    return normalized(torch.stack([cropped[index] for index in range(len(decoded))]))


def loader(setting: LoaderSetting, items: int | None = None) -> Iterator[tuple[Any, list[int]]]:
    for encoded, labels in files(setting, items):
        yield images(encoded, setting.device), labels


def measure(setting: LoaderSetting) -> PeerResult:
    import torch

    torch.set_num_threads(setting.workers)
    return loader_timing.measure(
        lambda items: loader(setting, items), setting, _BATCHES_AHEAD, setting.device
    )


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
