# SPDX-License-Identifier: Apache-2.0
"""The original study's pipeline in Python: DataLoader, pageable copy, network, batch by batch.

One pass over all items, timed from the request for the first batch (which starts the workers) to
the last feature. The network has no classifier; precisions bf16 and fp16 cast network and batch and
put channels last.
"""

import dataclasses
import time
from collections.abc import Callable
from typing import Any

from peers import dataloader_peer
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult, extraction_counters

Forward = Callable[[Any], Any]


def measure(setting: LoaderSetting) -> PeerResult:
    _, seconds, counters = extract(setting)
    return PeerResult(seconds, counters)


def extract(setting: LoaderSetting) -> tuple[Any, float, dict[str, float]]:
    """The features of all items [N, D], the seconds of the pass, and its counters."""
    import torch

    from peers import precisions, program_weights

    dtype = precisions.apply(setting.precision)
    network = program_weights.network(setting.architecture, setting.weights)
    forward = ready(network, dtype, setting.device)

    def forward_and_wait(images: "torch.Tensor") -> "torch.Tensor":
        found = forward(images)
        wait(setting.device)
        return found

    # The first batch loads the libraries' kernels; our program warms up with one too.
    with torch.inference_mode():
        forward_and_wait(torch.zeros(setting.batch, 3, 224, 224))
    threads = setting.workers if setting.device == "cpu" else 1
    start = time.perf_counter()
    found, _, first = features_of(forward_and_wait, setting, threads)
    seconds = time.perf_counter() - start
    return found, seconds, extraction_counters(len(found), seconds, first)


def ready(network: Any, dtype: Any, device: str) -> Forward:
    """Moves a network to its device: a function of a batch in host memory that gives its features
    in float32."""
    import torch

    network = network.to(device)
    if dtype != torch.float32:
        network = network.to(dtype).to(memory_format=torch.channels_last)

    def forward(images: "torch.Tensor") -> "torch.Tensor":
        images = images.to(device)
        if dtype != torch.float32:
            images = images.to(dtype).to(memory_format=torch.channels_last)
        return network(images).float()

    return forward


def features_of(forward: Forward, setting: LoaderSetting, threads: int) -> tuple[Any, Any, float]:
    """One pass of a new loader over all items: features [N, D], labels [N] in host memory, and the
    seconds to the first batch. The network computes with so many threads on a CPU."""
    import torch

    start = time.perf_counter()
    first = 0.0
    features, labels = [], []
    batches = dataloader_peer.loader(setting)
    torch.set_num_threads(threads)  # The loader sets its own number.
    with torch.inference_mode():
        for images, batch_labels in batches:
            first = first or time.perf_counter() - start
            features.append(forward(images))
            labels.append(batch_labels)
        return torch.cat(features), torch.cat(labels), first


def wait(device: str) -> None:
    import torch

    if device != "cpu":
        torch.cuda.synchronize()


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
