# SPDX-License-Identifier: Apache-2.0
"""The rounds of a comparison of loaders: as ratios, as a verdict, and as Google Benchmark JSON."""

import statistics
from dataclasses import dataclass, field
from typing import Any

from results import benchmark_name, schema

from peers import contexts, our_loader
from peers.loader_setting import LoaderSetting, Measured


@dataclass(frozen=True)
class Ratio:
    """Our items per second over a peer's, of one of our rows: above 1, ours is faster. `rounds`
    holds each round's ratio; it is empty where a side failed, and `error` says why."""

    name: str
    peer: str
    workers: int
    ours: float = 0.0
    theirs: float = 0.0
    rounds: tuple[float, ...] = ()
    first_pass: float = 0.0  # the ratio of first passes; 0 where a side has none
    error: str | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


@dataclass
class Rounds:
    """What every side measured, in the order in which it did; `context` is that of our runs."""

    ours: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    peers: list[tuple[int, LoaderSetting, Measured]] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)

    def add_ours(self, index: int, step: str, rows: list[dict], context: dict) -> None:
        self.ours += [(index, step, row) for row in rows]
        self.context = contexts.joined(self.context, context)

    def add_peer(self, index: int, setting: LoaderSetting, measured: Measured) -> None:
        self.peers.append((index, setting, measured))


def ratios(rounds: Rounds) -> list[Ratio]:
    """Each of our rows beside each peer of the same kind and number of workers: the median over
    rounds of each round's ratio, so that a machine that slows down slows both sides."""
    kinds: dict[tuple[str, int, str, str], None] = {}
    for _, step, row in rounds.ours:
        for _, _, measured in rounds.peers:
            if (measured.side == "end_to_end") == (step == "EndToEnd") and (
                measured.workers == _workers(row)
            ):
                kinds[(row["name"], measured.workers, measured.side, step)] = None
    return [_ratio(rounds, *kind) for kind in sorted(kinds, key=lambda k: (k[3], k[2], k[1], k[0]))]


def _ratio(rounds: Rounds, name: str, workers: int, peer: str, step: str) -> Ratio:
    ours = {index: our_loader.rate(row) for index, _, row in rounds.ours if row["name"] == name}
    theirs: dict[int, float] = {}
    their_passes: dict[int, float] = {}
    our_passes = {
        index: float(row["first_pass_items_per_second"])
        for index, _, row in rounds.ours
        if row["name"] == name and "first_pass_items_per_second" in row
    }
    for index, _, measured in rounds.peers:
        if (measured.side, measured.workers) != (peer, workers):
            continue
        if measured.error:
            return Ratio(name, peer, workers, error=measured.error)
        theirs[index] = measured.items_per_second
        if measured.first_pass:
            their_passes[index] = measured.first_pass
    each = tuple(ours[index] / theirs[index] for index in sorted(ours.keys() & theirs.keys()))
    if not each:
        return Ratio(name, peer, workers, error="no round has both sides")
    middle = statistics.median
    passes = tuple(
        our_passes[index] / their_passes[index]
        for index in sorted(our_passes.keys() & their_passes.keys())
    )
    first_pass = middle(passes) if passes else 0.0
    return Ratio(
        name, peer, workers, middle(ours.values()), middle(theirs.values()), each, first_pass
    )


def exit_code(found: list[Ratio], bars: dict[str, float]) -> int:
    """0: all reach their bars; 1: a median is below its bar; 2: something has no ratio."""
    if any(r.rounds and r.peer in bars and r.median < bars[r.peer] for r in found):
        return 1
    return 2 if not found or any(ratio.error for ratio in found) else 0


def document(rounds: Rounds, batch: int) -> dict[str, Any]:
    """A row per side and round; rounds are repetitions."""
    total = 1 + max((index for index, *_ in rounds.ours), default=0)
    repeated = {"repetitions": total, "run_type": "iteration"}
    rows = [row | repeated | {"repetition_index": index} for index, _, row in rounds.ours]
    for index, setting, measured in rounds.peers:
        rows.append(_row(setting, measured, batch) | repeated | {"repetition_index": index})
    context = rounds.context | {"caches": rounds.context.get("caches", []), **_versions()}
    return {"context": context, "benchmarks": rows}


def _row(setting: LoaderSetting, measured: Measured, batch: int) -> dict[str, Any]:
    start = f"EndToEnd/{setting.architecture}/full" if setting.architecture else "LoadData/images"
    device = setting.device if setting.architecture else "cpu"
    keys = {"peer": measured.side, "workers": str(measured.workers)}
    if setting.architecture and setting.precision != schema.DEFAULTS["precision"]:
        keys["precision"] = setting.precision
    written = "".join(f"/{key}={keys[key]}" for key in sorted(keys))
    name = f"{start}/{device}{written}/batch:{batch}/manual_time"
    per_batch = batch / measured.items_per_second if measured.items_per_second else 0.0
    spent = measured.seconds if setting.architecture else per_batch
    row: dict[str, Any] = {
        "name": name,
        "run_name": name,
        "threads": 1,
        "iterations": 0 if measured.error else 1,
        "real_time": 1e3 * spent,
        "cpu_time": 1e3 * spent,
        "time_unit": "ms",
    }
    if measured.error:
        return row | {"error_occurred": True, "error_message": measured.error}
    row |= {"items_per_second": measured.items_per_second, "first_batch": measured.first_batch}
    if measured.first_pass:
        row["first_pass_items_per_second"] = measured.first_pass
    if setting.architecture:
        row["extract_seconds"] = measured.seconds
    return row


def _versions() -> dict[str, str]:
    """Of the packages that the peers ran on."""
    from importlib import metadata

    found = {}
    for package in ("torch", "torchvision", "pillow", "nvidia-dali-cuda130"):
        try:
            found["peer_" + package.replace("-", "_")] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found["peer_" + package.replace("-", "_")] = "not installed"
    return found


def _workers(row: dict[str, Any]) -> int:
    name = benchmark_name.parse(row["name"])
    return int((name and name.key("workers")) or 0)
