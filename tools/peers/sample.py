# SPDX-License-Identifier: Apache-2.0
"""What one side measured of one network at one batch size, and what was asked for."""

from dataclasses import dataclass

from results import schema

DEFAULT_MAX_LENGTH = int(schema.DEFAULTS["max_length"])


@dataclass(frozen=True)
class Setting:
    """What both sides run alike. `batches` counts the `warmup_batches` in; `max_length` are the
    tokens that every text is padded or cut to."""

    architectures: tuple[str, ...]
    batch_sizes: tuple[int, ...]
    device: str = "cpu"
    threads: int = 1
    precision: str = schema.DEFAULTS["precision"]
    batches: int = 25
    warmup_batches: int = 5
    max_length: int = DEFAULT_MAX_LENGTH
    layout: str = schema.DEFAULTS["layout"]
    execution: str = schema.DEFAULTS["execution"]


@dataclass(frozen=True)
class Sample:
    """Median and mean seconds per batch; a side that failed says why in `error`."""

    architecture: str
    batch: int
    median: float = 0.0
    mean: float = 0.0
    error: str | None = None


class PeerError(Exception):
    """A side that could not run at all; the message is one line."""
