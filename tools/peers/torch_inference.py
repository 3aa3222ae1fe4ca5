# SPDX-License-Identifier: Apache-2.0
"""Python's side of inference: networks of torchvision and transformers, run eagerly by PyTorch.

As a process (`python -m peers.torch_inference`) it reads a setting as JSON from standard input and
prints its results as JSON.
"""

import dataclasses
import itertools
import statistics
import time

from peers import peer_process, precisions
from peers.inference_setting import InferenceSetting
from peers.rows import PeerResult

_DISTINCT_INPUTS = 4
_PASSES_BEFORE_CAPTURE = 3


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
                seconds = _seconds(network, architecture, batch, setting)[setting.warmup_batches :]
            except torch.OutOfMemoryError as error:
                result = PeerResult(error=str(error).splitlines()[0])
                torch.cuda.empty_cache()
            else:
                result = _result(seconds, batch)
            found.append((architecture, batch, result))
    return found


def _result(seconds: list[float], batch: int) -> PeerResult:
    mean = statistics.fmean(seconds)
    counters = {
        "p50": statistics.median(seconds),
        "items_per_second": batch / mean,
        "batches": len(seconds),
    }
    return PeerResult(mean, counters)


def _seconds(network, architecture: str, batch: int, setting: InferenceSetting) -> list[float]:
    """Seconds of each batch. The distinct inputs take turns; a GPU gets batches back to back."""
    import torch

    from peers import inputs as drawn

    inputs = [
        tuple(_placed(tensor, setting) for tensor in tensors)
        for tensors in drawn.batches(architecture, batch, setting.max_length, _DISTINCT_INPUTS)
    ]
    with torch.inference_mode():
        if setting.execution == "cuda_graph":
            network = _captured(network, inputs[0])
        if setting.device == "cpu":
            seconds = []
            for index in range(setting.batches):
                start = time.perf_counter()
                network(*inputs[index % len(inputs)])
                seconds.append(time.perf_counter() - start)
            return seconds
        # Wait after the warm-up: launches that queue behind slow first batches would hide a gap.
        for index in range(setting.warmup_batches):
            network(*inputs[index % len(inputs)])
        torch.cuda.synchronize()
        events = [torch.cuda.Event(enable_timing=True) for _ in range(setting.batches + 1)]
        events[0].record()
        for index in range(setting.batches):
            network(*inputs[index % len(inputs)])
            events[index + 1].record()
        torch.cuda.synchronize()
        return [start.elapsed_time(end) / 1e3 for start, end in itertools.pairwise(events)]


def _placed(tensor, setting: InferenceSetting):
    """The tensor on the device; images get the type and layout of the network."""
    import torch

    if not tensor.is_floating_point():
        return tensor.to(setting.device)
    dtype = getattr(torch, precisions.PRECISIONS[setting.precision][2])
    placed = tensor.to(setting.device, dtype)
    if setting.layout == "channels_last" and placed.dim() == 4:
        placed = placed.contiguous(memory_format=torch.channels_last)
    return placed


def _captured(network, example):
    """A function of a batch that copies it into the graph's input and replays the graph."""
    import torch

    static = tuple(tensor.clone() for tensor in example)
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(_PASSES_BEFORE_CAPTURE):
            network(*static)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = network(*static)

    def replay(*batch):
        for target, source in zip(static, batch, strict=True):
            target.copy_(source, non_blocking=True)
        graph.replay()
        return result

    return replay


def _serve(given: dict) -> list:
    for name in ("architectures", "batch_sizes"):
        given[name] = tuple(given[name])
    return [
        (architecture, batch, dataclasses.asdict(result))
        for architecture, batch, result in measure(InferenceSetting(**given))
    ]


if __name__ == "__main__":
    peer_process.serve(_serve)
