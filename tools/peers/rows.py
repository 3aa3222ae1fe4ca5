# SPDX-License-Identifier: Apache-2.0
"""What a peer measured, as a row of Google Benchmark's JSON."""

from dataclasses import dataclass, field
from typing import Any

from results import schema


@dataclass(frozen=True)
class PeerResult:
    """Mean `seconds` of what the row stands for, and `counters` by the keys that our program's rows
    use; `label` is the row's, for what is not a number. A peer that failed has an `error` and
    nothing else."""

    seconds: float = 0.0
    counters: dict[str, float] = field(default_factory=dict)
    error: str | None = None
    label: str = ""


def loader_result(
    batch: int, items_per_second: float, first_batch: float = 0.0, first_pass: float = 0.0
) -> PeerResult:
    """Loading alone: the steady state, seconds to the first batch, and items per second of a first
    pass over every item (0 where it was not measured), which includes the start of the workers."""
    counters = {"items_per_second": items_per_second, "first_batch": first_batch}
    if first_pass:
        counters["first_pass_items_per_second"] = first_pass
    return PeerResult(batch / items_per_second, counters)


def extraction_counters(items: int, seconds: float, first_batch: float) -> dict[str, float]:
    """Of a pass over all items, from the request for its first batch to the last feature."""
    return {
        "items": items,
        "items_per_second": items / seconds,
        "first_batch": first_batch,
        "extract_seconds": seconds,
    }


def row_name(start: str, keys: dict[str, str], batch: int | None = None) -> str:
    """`start` (step, subject, configuration, device), the keys in alphabetical order, and the batch
    size. As in the names of our program's rows, an axis at its default is left out."""
    written = "".join(
        f"/{key}={keys[key]}" for key in sorted(keys) if keys[key] != schema.DEFAULTS.get(key)
    )
    size = "" if batch is None else f"/batch:{batch}"
    return f"{start}{written}{size}/manual_time"


def peer_row(name: str, result: PeerResult) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": name,
        "run_name": name,
        "threads": 1,
        "iterations": 0 if result.error else 1,
        "real_time": 1e3 * result.seconds,
        "cpu_time": 1e3 * result.seconds,
        "time_unit": "ms",
    }
    if result.error:
        return row | {"error_occurred": True, "error_message": result.error}
    if result.label:
        row["label"] = result.label
    return row | result.counters
