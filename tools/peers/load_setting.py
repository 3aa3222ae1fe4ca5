# SPDX-License-Identifier: Apache-2.0
"""What the sides of a comparison of loading run alike, and what one of them measured."""

from dataclasses import dataclass

from results import schema


@dataclass(frozen=True)
class LoadSetting:
    """`folder` holds `<architecture>.safetensors` and `<architecture>.pt` with equal tensors;
    `loads` counts the `warmup_loads` in. `page_cache` is `warm` or `cold`: the file's pages are
    dropped before each load."""

    folder: str
    architecture: str
    page_cache: str = schema.DEFAULTS["page_cache"]
    device: str = "cpu"
    threads: int = 1
    loads: int = 15
    warmup_loads: int = 3


@dataclass(frozen=True)
class Loaded:
    """Seconds of one side in one round: the median of a load, the first one, means of its parts,
    and the first inference after them. A side that failed says why in `error`."""

    side: str
    architecture: str
    page_cache: str
    median: float = 0.0
    mean: float = 0.0
    first: float = 0.0
    init: float = 0.0
    read: float = 0.0
    fill: float = 0.0
    copy: float = 0.0
    first_inference: float = 0.0
    bytes: int = 0
    error: str | None = None
