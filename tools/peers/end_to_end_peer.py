# SPDX-License-Identifier: Apache-2.0
"""The original study's pipeline in Python: DataLoader, pageable copy, network, batch by batch.

One pass over all items, timed from the request for the first batch (which starts the workers) to
the last feature. The network has no classifier; precisions bf16 and fp16 cast network and batch and
put channels last.
"""

import dataclasses
import time
from typing import Any

from peers import dataloader_peer
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult, extraction_counters


def measure(setting: LoaderSetting) -> PeerResult:
    _, seconds, counters = extract(setting)
    return PeerResult(seconds, counters)


def extract(setting: LoaderSetting) -> tuple[Any, float, dict[str, float]]:
    """The features of all items [N, D], the seconds of the pass, and its counters."""
    import torch

    from peers import precisions, program_weights

    dtype = precisions.apply(setting.precision)
    network = program_weights.network(setting.architecture, setting.weights).to(setting.device)
    if dtype != torch.float32:
        network = network.to(dtype).to(memory_format=torch.channels_last)

    def forward(images: "torch.Tensor") -> "torch.Tensor":
        images = images.to(setting.device)
        if dtype != torch.float32:
            images = images.to(dtype).to(memory_format=torch.channels_last)
        return network(images).float()

    def wait() -> None:
        if setting.device != "cpu":
            torch.cuda.synchronize()

    with torch.inference_mode():
        # The first batch loads the libraries' kernels; our program warms up with one too.
        forward(torch.zeros(setting.batch, 3, 224, 224))
        wait()
        torch.set_num_threads(setting.workers if setting.device == "cpu" else 1)
        features = []
        first = 0.0
        start = time.perf_counter()
        for images, _ in dataloader_peer.loader(setting):
            first = first or time.perf_counter() - start
            features.append(forward(images))
            wait()
        seconds = time.perf_counter() - start
    found = torch.cat(features)
    return found, seconds, extraction_counters(len(found), seconds, first)


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
