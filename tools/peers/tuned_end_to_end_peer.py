# SPDX-License-Identifier: Apache-2.0
"""The tuned pipeline in Python: a tuned loader and a compiled network, over every item once.

The pipeline does not wait for the GPU before the last batch (decode_jpeg does within itself), and
the loader works ahead. Timed is a second pass,
from the request for the first batch to the last feature: the workers of the DataLoader run already,
as PyTorch's documentation advises, and the files are in the page cache. Compiling is not timed, and
neither is loading the network.
"""

import dataclasses
import importlib
import time
from collections.abc import Callable, Iterable
from typing import Any

from peers import forward, precisions
from peers.end_to_end_setting import LOADERS, EndToEndSetting
from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult, extraction_counters


def measure(setting: EndToEndSetting) -> PeerResult:
    _, seconds, counters = extract(setting)
    return PeerResult(seconds, counters)


def extract(setting: EndToEndSetting) -> tuple[Any, float, dict[str, float]]:
    """The features of all items [N, D] on the CPU, the seconds of the pass, and its counters."""
    import torch

    from peers import program_weights

    dtype = precisions.apply(setting.precision)
    network = program_weights.network(setting.architecture, setting.weights)
    layout = torch.channels_last if _convolutional(network) else torch.contiguous_format
    network = network.to(setting.device, dtype).to(memory_format=layout)
    batches = _loader(setting)
    # Before compiling: code that Dynamo made for another number of threads is compiled again, and
    # then without freezing.
    torch.set_num_threads(setting.workers if setting.device == "cpu" else 1)
    with torch.inference_mode():
        example = torch.zeros(setting.batch, 3, 224, 224, device=setting.device)
        example = example.to(dtype).to(memory_format=layout)
        made = forward.prepare(network, setting.way, (example,))

        def features(images: Any) -> Any:
            placed = images.to(dtype, memory_format=layout)
            if len(images) < setting.batch:  # A compiled network takes batches of one shape.
                placed = torch.cat([placed, example[len(images) :]])
                placed = placed.contiguous(memory_format=layout)
            return made.call(placed)[: len(images)].float()

        _pass(batches, features, setting.device)
        found, seconds, first = _pass(batches, features, setting.device)
    counters = extraction_counters(len(found), seconds, first)
    return found, seconds, counters | made.seconds


def _pass(
    batches: Callable[[], Iterable], features: Callable[[Any], Any], device: str
) -> tuple[Any, float, float]:
    """Features, the seconds of the pass, and those until its first batch was there."""
    import torch

    found = []
    first = 0.0
    start = time.perf_counter()
    for images, _ in batches():
        first = first or time.perf_counter() - start
        # A graph overwrites its result; .float() copies one of another type only.
        found.append(features(images).clone())
    if device != "cpu":
        torch.cuda.synchronize()
    seconds = time.perf_counter() - start
    return torch.cat(found).cpu(), seconds, first


def _loader(setting: EndToEndSetting) -> Callable[[], Iterable]:
    """Makes passes over all items, whose batches are on the device."""
    module = importlib.import_module(f"peers.{LOADERS[setting.pipeline]}")
    loading = LoaderSetting(setting.folder, setting.workers, setting.batch, device=setting.device)
    if setting.pipeline == "tuned_gpu":
        return lambda: module.loader(loading)
    made = module.loader(loading)
    return lambda: module.on_device(made, setting.device)


def _convolutional(network: Any) -> bool:
    """Whether it has convolutions on its own output: a ViT has one, for its patches."""
    import torch

    return sum(isinstance(layer, torch.nn.Conv2d) for layer in network.modules()) > 1


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(EndToEndSetting(**given))))
