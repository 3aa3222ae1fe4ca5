# SPDX-License-Identifier: Apache-2.0
"""What the sides of a comparison of loaders run alike, and what one of them measured."""

from dataclasses import dataclass

from results import schema


@dataclass(frozen=True)
class LoaderSetting:
    """`folder` holds `train/<class>/*`; `batches` counts the `warmup_batches` in. The last three
    are of whole searches only."""

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


@dataclass(frozen=True)
class Measured:
    """Items per second of one side in one round: in steady state, and in a first pass over every
    item, which includes the start of the workers. A side that failed says why in `error`."""

    side: str
    workers: int
    items_per_second: float = 0.0
    seconds: float = 0.0  # of all measured batches, or of the extraction
    first_batch: float = 0.0
    first_pass: float = 0.0
    error: str | None = None
