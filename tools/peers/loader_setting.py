# SPDX-License-Identifier: Apache-2.0
"""What all sides of a comparison of data loaders run."""

import dataclasses
from dataclasses import dataclass

from results import benchmark_name, schema

from peers.rows import row_name

# Their batches are complete on the setting's device; those of the other peers in host memory.
ON_DEVICE = ("tuned_dataloader", "torchvision_gpu", "dali_mixed")


@dataclass(frozen=True)
class LoaderSetting:
    """`folder` holds `train/<class>/*`; `batches` includes the `warmup_batches`. With an
    `architecture` a whole search is measured; without one, loading alone. The network takes the
    tensors of `weights`, or random ones without it."""

    folder: str
    workers: int
    batch: int = 128
    batches: int = 16
    warmup_batches: int = 4
    architecture: str = ""
    device: str = "cpu"
    precision: str = schema.DEFAULTS["precision"]
    weights: str = ""

    @property
    def measured_items(self) -> int:
        return (self.batches - self.warmup_batches) * self.batch

    def ending(self, name: str) -> "LoaderSetting":
        """The same with the device that the name of a row says its batches are complete on: rows
        are compared where this is equal."""
        on_cpu = benchmark_name.parse(name).device == "cpu"
        return dataclasses.replace(self, device="cpu" if on_cpu else self.device)

    def row_name(self, peer: str) -> str:
        keys = {"peer": peer, "workers": str(self.workers)}
        if not self.architecture:
            device = self.device if peer in ON_DEVICE else "cpu"
            return row_name(f"LoadData/images/{device}", keys, self.batch)
        keys["precision"] = self.precision
        start = f"EndToEnd/{self.architecture}/full/{self.device}"
        return row_name(start, keys, self.batch)
