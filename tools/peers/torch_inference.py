# SPDX-License-Identifier: Apache-2.0
"""Python's side: networks of torchvision and transformers, run eagerly by PyTorch.

Called as a process of its own (`python -m peers.torch_inference`) with a Setting as JSON on
standard input; it prints the samples as JSON.
"""

import dataclasses
import itertools
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from peers.sample import PeerError, Sample, Setting

_DISTINCT_INPUTS = 4
# precision: TF32 in cuDNN, TF32 in matrix products, type of weights and images
PRECISIONS = {
    "torch": (True, False, "float32"),
    "fp32": (False, False, "float32"),
    "tf32": (True, True, "float32"),
    "bf16": (True, False, "bfloat16"),
    "fp16": (True, False, "float16"),
}
_PASSES_BEFORE_CAPTURE = 3


def run(setting: Setting) -> list[Sample]:
    """Measure in a fresh process; raises PeerError with the last line of what it said."""
    process = subprocess.run(
        [sys.executable, "-m", "peers.torch_inference"],
        input=json.dumps(dataclasses.asdict(setting)),
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise PeerError(f"Python's side failed (exit code {process.returncode}): {last}")
    return [Sample(**entry) for entry in json.loads(process.stdout.splitlines()[-1])]


def measure(setting: Setting) -> list[Sample]:
    """Every network at every batch size, in this process."""
    import torch

    from peers import networks

    torch.set_num_threads(setting.threads)
    cudnn, matmul, type_name = PRECISIONS[setting.precision]
    torch.backends.cudnn.allow_tf32 = cudnn
    torch.backends.cuda.matmul.allow_tf32 = matmul
    samples = []
    for architecture in setting.architectures:
        network = networks.build(architecture).to(setting.device, getattr(torch, type_name))
        if setting.layout == "channels_last":
            network = network.to(memory_format=torch.channels_last)
        for batch in setting.batch_sizes:
            try:
                seconds = _seconds(network, architecture, batch, setting)[setting.warmup_batches :]
            except torch.OutOfMemoryError as error:
                message = str(error).splitlines()[0]
                samples.append(Sample(architecture, batch, error=message))
                torch.cuda.empty_cache()
            else:
                median, mean = statistics.median(seconds), statistics.fmean(seconds)
                samples.append(Sample(architecture, batch, median, mean))
    return samples


def _seconds(network, architecture: str, batch: int, setting: Setting) -> list[float]:
    """Seconds of each batch over distinct inputs in turn; on a GPU submitted back to back."""
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
        # Warm up apart, so that queued launches of slow first batches do not hide a later gap.
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


def _placed(tensor, setting: Setting):
    """On the device; images in the network's type and layout, ids and masks as they are."""
    import torch

    if not tensor.is_floating_point():
        return tensor.to(setting.device)
    placed = tensor.to(setting.device, getattr(torch, PRECISIONS[setting.precision][2]))
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


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    for name in ("architectures", "batch_sizes"):
        asked[name] = tuple(asked[name])
    print(json.dumps([dataclasses.asdict(sample) for sample in measure(Setting(**asked))]))
