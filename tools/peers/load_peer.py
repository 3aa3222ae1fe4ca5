# SPDX-License-Identifier: Apache-2.0
"""Loads a checkpoint in Python as its users do: builds the network, reads, fills and moves it.

  torch_load        torchvision's module with random weights, torch.load, load_state_dict, .to
  safetensors       the same with safetensors.torch.load_file
  torch_load_mmap   torch_load with mmap=True: tensors are in a mapping of the file until they are
                    copied into the module
  …_meta            these with the module on the device `meta`, which allocates and initializes
                    nothing; the module takes over the tensors that were read (assign=True)
  safetensors_device_meta  safetensors_meta that reads straight to the device

`load_file` maps the file and asks for its pages. On a CPU the tensors of safetensors_meta,
safetensors_device_meta and torch_load_mmap_meta stay in that mapping: nothing is copied, and the
first inference takes the page faults.
"""

import dataclasses
import gc
import itertools
import statistics
import time
from pathlib import Path

from peers import load_files, page_cache
from peers.load_setting import LoadSetting
from peers.peer_process import serve
from peers.rows import PeerResult

SIDES = (
    "torch_load", "torch_load_mmap", "safetensors", "torch_load_meta", "torch_load_mmap_meta",
    "safetensors_meta", "safetensors_device_meta",
)  # fmt: skip


def load(side: str, setting: LoadSetting) -> tuple[object, dict[str, float]]:
    """The network on its device, and the seconds of each part."""
    import torch
    from safetensors.torch import load_file

    from peers import networks

    tensors, pickled = load_files.paths(Path(setting.folder), setting.architecture)
    meta = side.endswith("_meta")
    clock = [time.perf_counter()]

    def lap() -> None:
        clock.append(time.perf_counter())

    with torch.device("meta" if meta else "cpu"):
        network = networks.build(setting.architecture)
    lap()
    if side.startswith("torch_load"):
        state = torch.load(pickled, weights_only=True, mmap="_mmap" in side)
    else:
        state = load_file(tensors, device=setting.device if "_device" in side else "cpu")
    lap()
    load_files.stateful(network, setting.architecture).load_state_dict(state, assign=meta)
    lap()
    network = network.to(setting.device)
    if setting.device != "cpu":
        torch.cuda.synchronize()
    lap()
    parts = [after - before for before, after in itertools.pairwise(clock)]
    return network, dict(zip(("init", "read", "fill", "copy"), parts, strict=True))


def measure(side: str, setting: LoadSetting) -> PeerResult:
    import torch

    from peers import inputs, networks
    from peers.inference_setting import DEFAULT_MAX_LENGTH

    torch.set_num_threads(setting.threads)
    with torch.device("meta"):
        networks.build(setting.architecture)  # Imports are not a part of a load.
    tensors, pickled = load_files.paths(Path(setting.folder), setting.architecture)
    path = pickled if side.startswith("torch_load") else tensors
    if setting.device != "cpu":
        torch.zeros(1, device=setting.device)  # The CUDA context is not part of a load.
    splits = []
    network = None
    for _ in range(setting.loads):
        # Free the last network: tensors in a mapping of the file would keep its pages.
        network = None
        gc.collect()
        if setting.page_cache == "cold":
            page_cache.drop(path)
        network, split = load(side, setting)
        splits.append(split)
    items = [
        part.to(setting.device)
        for part in inputs.batches(setting.architecture, 1, DEFAULT_MAX_LENGTH, 1)[0]
    ]
    start = time.perf_counter()
    with torch.inference_mode():
        network(*items).cpu()
    first_inference = time.perf_counter() - start
    totals = [sum(split.values()) for split in splits]
    measured = splits[setting.warmup_loads :]
    mean = statistics.mean(totals[setting.warmup_loads :])
    size = sum(tensor.nbytes for tensor in network.state_dict().values())
    counters = {
        "p50": statistics.median(totals[setting.warmup_loads :]),
        "first_batch": totals[0],
        **{f"{part}_seconds": statistics.mean(split[part] for split in measured)
           for part in splits[0]},
        "first_inference_seconds": first_inference,
        "bytes": size,
        "bytes_per_second": size / mean,
        "batches": len(measured),
    }  # fmt: skip
    return PeerResult(mean, counters)


def _serve(given: dict) -> dict:
    return dataclasses.asdict(measure(given["side"], LoadSetting(**given["setting"])))


if __name__ == "__main__":
    serve(_serve)
