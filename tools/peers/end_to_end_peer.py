# SPDX-License-Identifier: Apache-2.0
"""The original study's pipeline in Python: DataLoader, pageable copy, network, batch by batch.

One pass over all items, timed from the request for the first batch (which starts the workers) to
the last feature. The network has random weights and no classifier; precisions bf16 and fp16 cast
network and batch and put channels last.
"""

import time

from peers import dataloader_peer
from peers.loader_setting import LoaderSetting, Measured
from peers.peer_process import serve

_TF32 = {"torch": (True, False), "fp32": (False, False), "tf32": (True, True)}


def measure(setting: LoaderSetting) -> Measured:
    import torch

    from peers import networks

    dtype = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(setting.precision)
    cudnn, matmul = _TF32.get(setting.precision, (True, False))
    torch.backends.cudnn.allow_tf32 = cudnn
    torch.backends.cuda.matmul.allow_tf32 = matmul
    network = networks.build(setting.architecture).to(setting.device)
    if dtype is not None:
        network = network.to(dtype).to(memory_format=torch.channels_last)

    def forward(images: "torch.Tensor") -> "torch.Tensor":
        images = images.to(setting.device)
        if dtype is not None:
            images = images.to(dtype).to(memory_format=torch.channels_last)
        return network(images).float()

    def wait() -> None:
        if setting.device != "cpu":
            torch.cuda.synchronize()

    with torch.inference_mode():
        # Libraries load their kernels with the first batch; ours has had one too.
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
    items = sum(len(batch) for batch in features)
    return Measured("end_to_end", setting.workers, items / seconds, seconds, first)


if __name__ == "__main__":
    serve(measure)
