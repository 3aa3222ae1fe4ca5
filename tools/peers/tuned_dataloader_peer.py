# SPDX-License-Identifier: Apache-2.0
"""The DataLoader of dataloader_peer, tuned as PyTorch's documentation says.

Pinned memory, workers that stay for the next pass (persistent_workers) and work four batches ahead
(prefetch_factor), and pixels as uint8: a quarter of the bytes between processes and to the GPU,
which normalizes them. A batch is complete on the setting's device.
"""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

from peers import dataloader_peer, loader_timing
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult

_BATCHES_AHEAD = 4  # of each worker


def loader(setting: LoaderSetting, items: int | None = None) -> Any:
    """Batches of pixels [N, 3, 224, 224] uint8 in host memory, and labels, in the order of the data
    set."""
    import torch
    from torchvision import datasets, transforms

    torch.set_num_threads(1)
    pixels = transforms.Compose(
        [transforms.Resize(256), transforms.CenterCrop(224), transforms.PILToTensor()]
    )
    data = datasets.ImageFolder(f"{setting.folder}/train", pixels)
    return torch.utils.data.DataLoader(
        data,
        batch_size=setting.batch,
        sampler=dataloader_peer.order(len(data), items),
        num_workers=setting.workers,
        pin_memory=setting.device != "cpu",
        persistent_workers=True,
        prefetch_factor=_BATCHES_AHEAD,
    )


def normalized(pixels: Any) -> Any:
    """float32 images of uint8 pixels, with the arithmetic of ToTensor and Normalize."""
    import torch

    images = pixels.to(torch.float32).div_(255)
    mean, deviation = _constants(pixels.device)
    return images.sub_(mean).div_(deviation)


@functools.cache  # A copy of each batch's own could wait for a GPU.
def _constants(device: Any) -> tuple[Any, Any]:
    """Mean and standard deviation of the channels."""
    import torch

    mean, deviation = (
        torch.tensor(values, dtype=torch.float32, device=device)[:, None, None]
        for values in (dataloader_peer.MEAN, dataloader_peer.DEVIATION)
    )
    return mean, deviation


def on_device(batches: Any, device: str) -> Iterator[tuple[Any, Any]]:
    for pixels, labels in batches:
        yield normalized(pixels.to(device, non_blocking=True)), labels


def measure(setting: LoaderSetting) -> PeerResult:
    def load(items: int | None) -> Iterator[tuple[Any, Any]]:
        return on_device(loader(setting, items), setting.device)

    ahead = setting.workers * _BATCHES_AHEAD
    return loader_timing.measure(load, setting, ahead, setting.device)


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
