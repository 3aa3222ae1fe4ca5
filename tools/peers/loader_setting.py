# SPDX-License-Identifier: Apache-2.0
"""What all sides of a comparison of data loaders run."""

from dataclasses import dataclass

from results import schema

from peers.rows import row_name


@dataclass(frozen=True)
class LoaderSetting:
    """`folder` holds `train/<class>/*`; `batches` includes the `warmup_batches`. With an
    `architecture` a whole search is measured; without one, loading alone."""

    folder: str
    workers: int
    batch: int = 128
    batches: int = 16
    warmup_batches: int = 4
    architecture: str = ""
    device: str = "cpu"
    precision: str = schema.DEFAULTS["precision"]

    @property
    def measured_items(self) -> int:
        return (self.batches - self.warmup_batches) * self.batch

    def row_name(self, peer: str) -> str:
        keys = {"peer": peer, "workers": str(self.workers)}
        if not self.architecture:
            return row_name("LoadData/images/cpu", keys, self.batch)
        keys["precision"] = self.precision
        start = f"EndToEnd/{self.architecture}/full/{self.device}"
        return row_name(start, keys, self.batch)
