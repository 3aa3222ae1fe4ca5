# SPDX-License-Identifier: Apache-2.0
"""The rounds of a comparison with peers, and the file that holds them after each round."""

import json
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from compare.ratios import Measured
from whole_text import write_text

from peers.peer_process import PeerError
from peers.rows import PeerResult, peer_row

Row = dict[str, Any]


@dataclass
class Rounds:
    """The rows of all sides in the order in which they were measured. `context` joins the contexts
    of all runs of our program; `packages` are those that the peers run on."""

    packages: tuple[str, ...] = ()
    measured: list[Measured] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)

    def add_ours(self, index: int, group: Hashable, rows: list[Row], context: Row) -> None:
        self.measured += [Measured(index, group, "", row) for row in rows]
        self.context = _joined(self.context, context)

    def add_peer(
        self, index: int, group: Hashable, peer: str, name: str, result: PeerResult
    ) -> None:
        self.measured.append(Measured(index, group, peer, peer_row(name, result)))

    def document(self) -> dict[str, Any]:
        """Google Benchmark JSON: a row per side and round; rounds are repetitions."""
        total = 1 + max((each.round for each in self.measured), default=0)
        repeated = {"repetitions": total, "run_type": "iteration"}
        rows = [each.row | repeated | {"repetition_index": each.round} for each in self.measured]
        context = self.context | {"caches": self.context.get("caches", [])}
        return {"context": context | _versions(self.packages), "benchmarks": rows}


def collect(rounds: Iterator[Rounds], output: Path | None, of: str = "") -> Rounds:
    """Runs all rounds; each item of `rounds` holds the rounds so far. `output` is replaced after
    each one, so it holds complete rounds when a later one fails. Raises PeerError after an
    interruption; the message says what `output` holds: rounds `of` something."""
    complete = 0
    so_far = Rounds()
    try:
        for so_far in rounds:
            complete += 1
            if output:
                write_text(json.dumps(so_far.document(), indent=1) + "\n", output)
    except KeyboardInterrupt:
        done = f"{complete} complete round{'s' if complete > 1 else ''}{of}"
        when = f"after {done}" if complete else "in the first round"
        held = f"; {output} holds {done}" if output and complete else ""
        raise PeerError(f"interrupted {when}{held}") from None
    return so_far


def _joined(before: dict[str, Any], further: dict[str, Any]) -> dict[str, Any]:
    """The entries of both contexts. An option with different values gets all of them, in the order
    of the runs; any other entry (date, load) keeps the value of the first run."""
    both = further | before
    for key in before.keys() & further.keys():
        if key.startswith("option_") and before[key] != further[key]:
            values = [*str(before[key]).split(","), *str(further[key]).split(",")]
            both[key] = ",".join(dict.fromkeys(values))
    return both


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for package in packages:
        key = "peer_" + package.replace("-", "_")
        try:
            found[key] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[key] = "not installed"
    return found
