# SPDX-License-Identifier: Apache-2.0
"""Searches of whole zoos: what a Search row says, by one rule (benchmarks/results/search_ranking.h
has the one of places too).

1. The subject is a zoo, and its items are those of its candidates. The label lists the candidates,
   best first (`ranking=a,b`), and those that were left out (`failed=c`). Counters that end in a
   number (`score_value0`, `accuracy0`, `loss0`) belong to that place of the ranking, from 0.
2. Places: a candidate shares the place before it where their values differ by less than 0.0005.
   With `budget=halving`, candidates that left in different rounds were scored on different items
   and never share one. A row of several repetitions ranks as its first one.
3. A search has four parts. `busy_<part>` is how long each worked; loading and computing work at the
   same time, the scores mostly afterwards. `alone_<part>` is what a part takes without the others.
   A row that has it of loading and of computing is limited by the part that takes longest alone;
   any other row by the longest busy one, which its label names (`limit=...`).
4. Two rows are of the same question where machine, device, data, items and candidates agree.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from results import machine
from results.table import Results

PARTS = ("load_data", "load_model", "inference", "score")
_EQUAL = 0.0005  # As in `ranking`.
_DATA = {"images": "data_identity", "text": "text_identity"}
# Options that bound a search's memory and are not part of its name.
_BOUNDS = ("device_cache", "host_cache")


@dataclass(frozen=True)
class Place:
    """A candidate of a ranking. `value` ranks; NaN stands for a number that the row lacks."""

    place: int
    candidate: str
    value: float
    accuracy: float
    loss: float


@dataclass(frozen=True)
class ZooSearch:
    """A measured row. `setting` has the keys of its name, the batch, and the bounds of memory that
    were given; `busy` and `alone` are seconds of parts, `values` all finite counters."""

    source: str
    name: str
    zoo: str
    device: str
    domain: str
    setting: dict[str, str]
    seconds: float
    values: dict[str, float]
    limit: str
    keeping: str
    ranking: tuple[Place, ...]
    failed: tuple[str, ...]
    question: tuple

    @property
    def plan(self) -> str:
        return self.setting.get("plan", "")

    @property
    def budget(self) -> str:
        return self.setting.get("budget", "")

    @property
    def busy(self) -> dict[str, float]:
        return self._parts("busy_")

    @property
    def alone(self) -> dict[str, float]:
        """Of each part, where both loading and computing were measured alone."""
        found = self._parts("alone_")
        return found if {"load_data", "inference"} <= set(found) else {}

    @property
    def parts(self) -> dict[str, float]:
        """What limits: seconds alone where they are known, else busy ones; longest first."""
        found = self.alone or self.busy
        return dict(sorted(found.items(), key=lambda part: -part[1]))

    def get(self, counter: str) -> float:
        return self.values.get(counter, math.nan)

    def _parts(self, prefix: str) -> dict[str, float]:
        """The score runs by itself in any case."""
        names = {part: "score" if part == "score" else prefix + part for part in PARTS}
        return {part: self.values[name] for part, name in names.items() if name in self.values}


def of(results: Results) -> list[ZooSearch]:
    """Every Search row of the program that was measured, in the order of the results."""
    return [
        _search(row, results.contexts[row["source"]])
        for row in results.of_step("Search").to_dict("records")
        if row["seconds"] > 0 and "peer" not in dict(row["keys"])
    ]


def listed(label: str, name: str) -> tuple[str, ...]:
    """The names of a label's `<name>=a,b`; empty where it has none."""
    found = re.search(rf"(?:^|[\s;]){re.escape(name)}=([^\s;]+)", label)
    return tuple(found[1].split(",")) if found else ()


def remarks(label: str) -> str:
    """A label without its lists of candidates."""
    return " ".join(re.sub(r"(?:^|(?<=[\s;]))(ranking|failed)=[^\s;]+", "", label).split())


def _search(row: Mapping[str, Any], context: Mapping[str, Any]) -> ZooSearch:
    values = {key: float(value) for key, value in row.items()
              if isinstance(value, float) and math.isfinite(value)}  # fmt: skip
    names = listed(row["label"], "ranking")
    batch = row["batch"]
    setting = dict(row["keys"]) | ({"batch": str(int(batch))} if batch == batch else {})
    for bound in _BOUNDS:
        given = str(context.get(f"option_{bound}") or "default")
        setting |= {bound: given} if given != "default" else {}
    data = str(context.get(_DATA.get(row["domain"], "")) or "")
    return ZooSearch(
        source=row["source"],
        name=row["name"],
        zoo=row["subject"],
        device=row["device"],
        domain=row["domain"],
        setting=setting,
        seconds=row["seconds"],
        values=values,
        limit="".join(listed(row["label"], "limit")),
        keeping="".join(listed(row["label"], "keeping")),
        ranking=tuple(_places(names, values, setting.get("budget") == "halving")),
        failed=listed(row["label"], "failed"),
        question=(
            machine.same_kind(context, row["source"]), row["subject"], row["device"], data,
            values.get("items"), frozenset(names),
        ),
    )  # fmt: skip


def _places(names: tuple[str, ...], values: Mapping[str, float], halving: bool) -> list[Place]:
    left = {values.get(f"candidates_round{n + 2}") for n in range(len(names))} if halving else set()
    found: list[Place] = []
    for index, name in enumerate(names):
        value, accuracy, loss = (values.get(f"{counter}{index}", math.nan)
                                 for counter in ("score_value", "accuracy", "loss"))  # fmt: skip
        tied = bool(found) and index not in left and abs(value - found[-1].value) < _EQUAL
        found.append(Place(found[-1].place if tied else index + 1, name, value, accuracy, loss))
    return found
