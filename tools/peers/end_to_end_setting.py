# SPDX-License-Identifier: Apache-2.0
"""What the tuned pipelines of Python run, from photographs to features."""

from dataclasses import dataclass

from peers.rows import row_name

LOADERS = {"tuned": "tuned_dataloader_peer", "tuned_gpu": "torchvision_gpu_peer"}


@dataclass(frozen=True)
class EndToEndSetting:
    """`pipeline` is a key of LOADERS, `way` one of forward.WAYS. The network takes the tensors of
    `weights`. `folder` holds `train/<class>/*`."""

    pipeline: str
    architecture: str
    weights: str
    folder: str
    workers: int
    batch: int = 128
    device: str = "cpu"
    precision: str = "bf16"
    way: str = "frozen_graph"

    def row_name(self) -> str:
        keys = {
            "peer": self.pipeline,
            "precision": self.precision,
            "workers": str(self.workers),
            "way": self.way,
        }
        return row_name(f"EndToEnd/{self.architecture}/full/{self.device}", keys, self.batch)
