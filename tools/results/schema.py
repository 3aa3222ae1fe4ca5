# SPDX-License-Identifier: Apache-2.0
"""Steps, axes, counters, architectures and entries of the context, as the program declares them.

`schema.json` is a copy of what `model_search_bench --schema` prints. The target `schema` writes it
(`cmake --build --preset release --target schema`). Nothing else in tools/ lists these things.
"""

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Step:
    """`name` is part of the names of rows, `counter` is a counter of EndToEnd rows, and `doing` is
    for sentences. With `per_network` a row's subject is a candidate, else a kind of input."""

    name: str
    counter: str
    title: str
    doing: str
    per_network: bool


@dataclass(frozen=True)
class Axis:
    """A setting of which each value gives rows of its own. `default` is the value that names leave
    out; it is None where names always have the key or the default follows a rule. `affects` lists
    what the axis may change, `steps` the steps whose rows have it."""

    flag: str | None
    key: str
    values: list[str] | None
    default: str | None
    named: str
    affects: list[str]
    steps: list[str]


@dataclass(frozen=True)
class Counter:
    """`better` is `lower`, `higher`, or None for a number without a direction."""

    name: str
    unit: str
    better: str | None
    meaning: str


@dataclass(frozen=True)
class Architecture:
    """`title` is what papers write, `input` is `images` or `text`."""

    name: str
    title: str
    input: str
    tokenizer: str | None


@dataclass(frozen=True)
class ContextEntry:
    """The kind of the context's entries that match a pattern; entries of kind None are never
    compared."""

    pattern: str
    kind: str | None


def _all(kind: type, entries: list[dict[str, Any]]) -> list[Any]:
    names = [field.name for field in fields(kind)]
    return [kind(*(entry[name] for name in names)) for entry in entries]


_DOCUMENT = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))

STEPS: dict[str, Step] = {step.name: step for step in _all(Step, _DOCUMENT["steps"])}
AXES: dict[str, Axis] = {axis.key: axis for axis in _all(Axis, _DOCUMENT["axes"])}
COUNTERS: dict[str, Counter] = {c.name: c for c in _all(Counter, _DOCUMENT["counters"])}
ARCHITECTURES: dict[str, Architecture] = {
    row.name: row for row in _all(Architecture, _DOCUMENT["architectures"])
}
CONTEXT: list[ContextEntry] = _all(ContextEntry, _DOCUMENT["context"])

# Defaults of the axes whose default names leave out.
DEFAULTS = {axis.key: axis.default for axis in AXES.values() if axis.default is not None}
# Counters of which more or less is better, by their full names.
DIRECTED = tuple(c.name for c in COUNTERS.values() if c.better and "<" not in c.name)
# The steps of which EndToEnd adds up the seconds, in the order of a search.
PARTS = tuple(
    step
    for place, step in enumerate(STEPS.values())
    if step.counter in COUNTERS and place < list(STEPS).index("EndToEnd")
)


def keys_of(step: str) -> tuple[str, ...]:
    """The keys of the axes that rows of a step have."""
    return tuple(axis.key for axis in AXES.values() if step in axis.steps)


def affecting(*effects: str) -> tuple[str, ...]:
    """The keys of the axes that affect one of `effects`, e.g. `features` and `score`."""
    return tuple(axis.key for axis in AXES.values() if set(effects) & set(axis.affects))


def counter(name: str) -> Counter | None:
    """A counter by its name in a row; `block_03_seconds` is a `block_<n>_seconds`, and `accuracy0`
    an `accuracy<n>`."""
    numbered = (r"(?<=_)\d+(?=_|$)|(?<=head)\d+$", r"\d+$")
    names = (name, *(re.sub(pattern, "<n>", name) for pattern in numbered))
    return next((COUNTERS[known] for known in names if known in COUNTERS), None)


def smaller_is_better(metric: str) -> bool:
    """Whether a smaller value of the time or of a counter is better; a counter without a direction
    counts as a time."""
    known = counter(metric)
    return known is None or known.better != "higher"


def architecture(name: str) -> Architecture:
    """Raises KeyError with the choices."""
    if name not in ARCHITECTURES:
        raise KeyError(f"architecture '{name}' is unknown; choices: {' '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]
