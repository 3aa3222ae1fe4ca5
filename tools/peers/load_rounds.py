# SPDX-License-Identifier: Apache-2.0
"""The rounds of a comparison of loading: as ratios, as a verdict, and as Google Benchmark JSON."""

import statistics
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from results import schema

from peers import contexts
from peers.load_setting import Loaded, LoadSetting

_PARTS = ("init", "read", "fill", "copy")


@dataclass(frozen=True)
class Ratio:
    """A peer's seconds for a load over ours, of one of our rows: above 1, ours is faster.
    `with_inference` compares load and first inference together. `rounds` holds each round's ratio;
    it is empty where a side failed, and `error` says why."""

    name: str
    peer: str
    ours: float = 0.0
    theirs: float = 0.0
    rounds: tuple[float, ...] = ()
    with_inference: float = 0.0
    error: str | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


@dataclass
class Rounds:
    """What every side measured, in the order in which it did; `context` is that of our runs."""

    ours: list[tuple[int, LoadSetting, dict[str, Any]]] = field(default_factory=list)
    peers: list[tuple[int, LoadSetting, Loaded]] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)

    def add_ours(self, index: int, setting: LoadSetting, rows: list[dict], context: dict) -> None:
        self.ours += [(index, setting, row) for row in rows]
        self.context = contexts.joined(self.context, context)

    def add_peer(self, index: int, setting: LoadSetting, loaded: Loaded) -> None:
        self.peers.append((index, setting, loaded))


def ratios(rounds: Rounds) -> list[Ratio]:
    """Each of our rows beside each peer of the same network and state of the page cache: the median
    over rounds of each round's ratio, so that a machine that slows down slows both sides."""
    kinds: dict[tuple[LoadSetting, str, str], None] = {}
    for _, setting, row in rounds.ours:
        for _, theirs, loaded in rounds.peers:
            if theirs == setting:
                kinds[(setting, row["name"], loaded.side)] = None
    return [_ratio(rounds, *kind) for kind in kinds]


def _ratio(rounds: Rounds, setting: LoadSetting, name: str, peer: str) -> Ratio:
    ours = {index: row for index, _, row in rounds.ours if row["name"] == name}
    theirs: dict[int, Loaded] = {}
    for index, other, loaded in rounds.peers:
        if other != setting or loaded.side != peer:
            continue
        if loaded.error:
            return Ratio(name, peer, error=loaded.error)
        theirs[index] = loaded
    both = sorted(ours.keys() & theirs.keys())
    if not both:
        return Ratio(name, peer, error="no round has both sides")
    middle = statistics.median
    return Ratio(
        name,
        peer,
        middle(ours[index]["p50"] for index in both),
        middle(theirs[index].median for index in both),
        tuple(theirs[index].median / ours[index]["p50"] for index in both),
        middle(
            (theirs[index].median + theirs[index].first_inference)
            / (ours[index]["p50"] + ours[index]["first_inference_seconds"])
            for index in both
        ),
    )


def exit_code(found: list[Ratio], bars: dict[str, float]) -> int:
    """0: all reach their bars; 1: a median is below its bar; 2: something has no ratio."""
    if any(r.rounds and r.peer in bars and r.median < bars[r.peer] for r in found):
        return 1
    return 2 if not found or any(ratio.error for ratio in found) else 0


def document(rounds: Rounds) -> dict[str, Any]:
    """A row per side and round; rounds are repetitions."""
    total = 1 + max((index for index, *_ in rounds.ours), default=0)
    repeated = {"repetitions": total, "run_type": "iteration"}
    rows = [row | repeated | {"repetition_index": index} for index, _, row in rounds.ours]
    for index, setting, loaded in rounds.peers:
        rows.append(_row(setting, loaded) | repeated | {"repetition_index": index})
    context = rounds.context | {"caches": rounds.context.get("caches", []), **_versions()}
    return {"context": context, "benchmarks": rows}


def _row(setting: LoadSetting, loaded: Loaded) -> dict[str, Any]:
    cold = (
        ""
        if setting.page_cache == schema.DEFAULTS["page_cache"]
        else f"/page_cache={setting.page_cache}"
    )
    start = f"LoadModel/{setting.architecture}/full/{setting.device}"
    name = f"{start}{cold}/peer={loaded.side}/manual_time"
    row: dict[str, Any] = {
        "name": name,
        "run_name": name,
        "threads": 1,
        "iterations": 0 if loaded.error else 1,
        "real_time": 1e3 * loaded.mean,
        "cpu_time": 1e3 * loaded.mean,
        "time_unit": "ms",
    }
    if loaded.error:
        return row | {"error_occurred": True, "error_message": loaded.error}
    return row | {
        "p50": loaded.median,
        "first_batch": loaded.first,
        **{f"{part}_seconds": getattr(loaded, part) for part in _PARTS},
        "first_inference_seconds": loaded.first_inference,
        "bytes": loaded.bytes,
        "bytes_per_second": loaded.bytes / loaded.mean,
        "batches": setting.loads - setting.warmup_loads,
    }


def _versions() -> dict[str, str]:
    """Of the packages that the peers ran on."""
    found = {}
    for package in ("torch", "torchvision", "safetensors", "transformers"):
        try:
            found[f"peer_{package}"] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[f"peer_{package}"] = "not installed"
    return found
