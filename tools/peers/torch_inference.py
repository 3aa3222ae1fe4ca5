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
_TF32 = {"torch": (True, False), "fp32": (False, False)}  # precision: (cuDNN, matmul)


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
    cudnn, matmul = _TF32[setting.precision]
    torch.backends.cudnn.allow_tf32 = cudnn
    torch.backends.cuda.matmul.allow_tf32 = matmul
    samples = []
    for architecture in setting.architectures:
        network = networks.build(architecture).to(setting.device)
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
        tuple(tensor.to(setting.device) for tensor in tensors)
        for tensors in drawn.batches(architecture, batch, setting.max_length, _DISTINCT_INPUTS)
    ]
    with torch.inference_mode():
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


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    for name in ("architectures", "batch_sizes"):
        asked[name] = tuple(asked[name])
    print(json.dumps([dataclasses.asdict(sample) for sample in measure(Setting(**asked))]))
