# SPDX-License-Identifier: Apache-2.0
"""Python's side of inference: networks of torchvision and transformers, run eagerly by PyTorch.

As a process (`python -m peers.torch_inference`) it reads a setting as JSON from standard input and
prints its results as JSON.
"""

import dataclasses

from peers import batch_seconds, forward, peer_process, precisions
from peers.inference_setting import InferenceSetting
from peers.rows import PeerResult

DISTINCT_INPUTS = 4


def run(setting: InferenceSetting) -> dict[tuple[str, int], PeerResult]:
    """Results of a fresh process by network and batch size. Raises PeerError when it fails."""
    printed = peer_process.run("torch_inference", dataclasses.asdict(setting))
    return {(name, batch): PeerResult(**result) for name, batch, result in printed}


def measure(setting: InferenceSetting) -> list[tuple[str, int, PeerResult]]:
    """Every network at every batch size, in this process."""
    import torch

    from peers import networks

    torch.set_num_threads(setting.threads)
    dtype = precisions.apply(setting.precision)
    found = []
    for architecture in setting.architectures:
        network = networks.build(architecture).to(setting.device, dtype)
        if setting.layout == "channels_last":
            network = network.to(memory_format=torch.channels_last)
        for batch in setting.batch_sizes:
            try:
                seconds = _seconds(network, architecture, batch, setting)
            except torch.OutOfMemoryError as error:
                result = PeerResult(error=str(error).splitlines()[0])
                torch.cuda.empty_cache()
            else:
                result = batch_seconds.result(seconds, batch)
            found.append((architecture, batch, result))
    return found


def _seconds(network, architecture: str, batch: int, setting: InferenceSetting) -> list[float]:
    """Seconds of each batch after the warm-up."""
    import torch

    from peers import inputs as drawn

    inputs = [
        placed(tensors, setting)
        for tensors in drawn.batches(architecture, batch, setting.max_length, DISTINCT_INPUTS)
    ]
    way = "eager_graph" if setting.in_graph else "eager"
    with torch.inference_mode():
        call = forward.prepare(network, way, inputs[0]).call
        return batch_seconds.measure(call, inputs, setting.batches, setting.warmup_batches)


def placed(batch: tuple, setting) -> tuple:
    """The batch on the device; images get the type and layout of the network."""
    import torch

    dtype = getattr(torch, precisions.PRECISIONS[setting.precision][2])

    def one(tensor):
        if not tensor.is_floating_point():
            return tensor.to(setting.device)
        moved = tensor.to(setting.device, dtype)
        if setting.layout == "channels_last" and moved.dim() == 4:
            moved = moved.contiguous(memory_format=torch.channels_last)
        return moved

    return tuple(one(tensor) for tensor in batch)


def _serve(given: dict) -> list:
    for name in ("architectures", "batch_sizes"):
        given[name] = tuple(given[name])
    return [
        (architecture, batch, dataclasses.asdict(result))
        for architecture, batch, result in measure(InferenceSetting(**given))
    ]


if __name__ == "__main__":
    peer_process.serve(_serve)
