# SPDX-License-Identifier: Apache-2.0
"""Our side of a search of a zoo: the Search rows of model_search_bench."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from results import benchmark_name, reader, schema, zoo_searches

from peers import flags, our_program
from peers.our_program import Row
from peers.peer_process import PeerError

PLANS = ("one_by_one", "decode_once", "shared")
BUDGETS = ("all", "halving")
# The values of keys that a name leaves out.
_DEFAULTS = {"plan": "shared", "budget": "all"} | schema.DEFAULTS


@dataclass(frozen=True)
class Search:
    """A row that was measured. `ranking` goes from best to worst, and `accuracies` too."""

    name: str
    seconds: float
    ranking: tuple[str, ...]
    accuracies: tuple[float, ...]

    def key(self, name: str) -> str:
        parsed = benchmark_name.parse(self.name)
        return (parsed.key(name) if parsed else None) or _DEFAULTS[name]

    def without(self, *keys: str) -> tuple[tuple[str, str], ...]:
        """What the name says, without these keys: equal for rows that differ in these alone."""
        parsed = benchmark_name.parse(self.name)
        return tuple(pair for pair in parsed.keys if pair[0] not in keys)


def read(row: Row) -> Search:
    """A row of either side. Raises PeerError for one that failed, or that names no ranking."""
    name = row.get("run_name") or row.get("name", "")
    if row.get("error_occurred"):
        raise PeerError(f"{name}: {row.get('error_message') or 'no message was given'}")
    (read_row,) = reader.rows_of({"benchmarks": [row]})
    ranking = zoo_searches.listed(read_row.label, "ranking")
    if read_row.fault or not ranking:
        raise PeerError(f"{name}: {read_row.fault or 'its label has no ranking=<name>,<name>,…'}")
    values = [read_row.numbers.get(f"accuracy{place}") for place in range(len(ranking))]
    if None in values:
        raise PeerError(f"{name}: no counter accuracy{values.index(None)}")
    return Search(name, read_row.seconds, ranking, tuple(values))


def plain_flags(options: argparse.Namespace) -> dict[str, Any]:
    """Of the plans that share nothing: only what the factors need, since they are slow."""
    plans = [plan for plan in options.plans if plan != "shared"]
    settings = {"plans": plans, "budgets": ["all"], "executions": options.executions[:1]}
    return _flags(options, settings) if plans else {}


def shared_flags(options: argparse.Namespace) -> dict[str, Any]:
    if "shared" not in options.plans:
        return {}
    settings = {"plans": ["shared"], "budgets": options.budgets, "executions": options.executions}
    return _flags(options, settings)


def features_flags(options: argparse.Namespace, precision: str, folder: Path) -> dict[str, Any]:
    """One search whose features are compared with Python's: by the plan that does most otherwise
    than Python."""
    plan = "shared" if "shared" in options.plans else options.plans[-1]
    settings = {
        "plans": [plan], "budgets": ["all"], "executions": options.executions[:1],
        "probes": options.probes[:1],
    }  # fmt: skip
    return _flags(options, settings, (precision,)) | {"features_dir": folder}


def run(binary: Path, given: dict[str, Any]) -> tuple[list[Row], Row]:
    """The Search rows of a fresh process, failed ones included, and its context."""
    document = our_program.document(binary, given)
    rows = [
        row
        for row in document["benchmarks"]
        if row.get("run_type") != "aggregate" and str(row.get("name", "")).startswith("Search/")
    ]
    if not rows:
        raise PeerError(f"{binary} wrote no Search row for --candidates={given['candidates']}")
    return rows, document["context"]


def _flags(
    options: argparse.Namespace,
    settings: dict[str, list[str]],
    precisions: tuple[str, ...] | None = None,
) -> dict[str, Any]:
    given: dict[str, Any] = {
        "steps": "Search",
        "candidates": options.candidates.resolve(),
        "data_dir": options.data_dir.resolve(),
        "devices": options.device,
        "batch_sizes": options.batch,
        "cache_dir": options.cache_dir,
    }
    lists = {"probes": options.probes} | settings
    if options.device != "cpu":
        lists["precisions"] = precisions or options.precisions
    given |= {name: ",".join(values) for name, values in lists.items()}
    return given | flags.program_flags(options.ours)
