# SPDX-License-Identifier: Apache-2.0
"""What all sides of a comparison of loading a model run."""

from dataclasses import dataclass

from results import schema

from peers.rows import row_name


@dataclass(frozen=True)
class LoadSetting:
    """`folder` holds `<architecture>.safetensors` and `<architecture>.pt` with equal tensors;
    `loads` includes the `warmup_loads`. `page_cache` is `warm`, or `cold`: the pages of the file
    are dropped before each load."""

    folder: str
    architecture: str
    page_cache: str = schema.DEFAULTS["page_cache"]
    device: str = "cpu"
    threads: int = 1
    loads: int = 15
    warmup_loads: int = 3

    def row_name(self, peer: str) -> str:
        keys = {"peer": peer, "page_cache": self.page_cache}
        return row_name(f"LoadModel/{self.architecture}/full/{self.device}", keys)
