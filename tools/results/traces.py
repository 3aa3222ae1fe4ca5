# SPDX-License-Identifier: Apache-2.0
"""The trace of a search: what ran when, and the tree of its segments.

The program writes one file per Search row with `--trace_dir=DIR`, in Chrome's trace format, so that
Perfetto opens it. Next to NAME.json the folders `NAME.traces/` and `traces/` are looked into. A
file's name is the row's, in which every character outside `[A-Za-z0-9=._-]` is `_`. A row of
several repetitions or processes has the trace of the last one, whose seconds it says.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whole_text import read_text

from results.printable import printable
from results.reader import ResultError

_MOST_SEGMENTS = 100_000


@dataclass(frozen=True)
class Event:
    """Work of a kind (`load_data`, `load_model`, `inference`, `score`) in seconds since the search
    began; `lane` is the thread or stream, `segment` an index or None."""

    kind: str
    start: float
    seconds: float
    lane: int
    segment: int | None


@dataclass(frozen=True)
class Segment:
    """Stages (the stem is 0) from `first` to before `last` that several candidates share; those
    candidates end here that no child has."""

    parent: int | None
    first: int
    last: int
    architecture: str
    seconds: float
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Trace:
    """`segments` stand behind their parents or not; `depth` counts the ancestors of each."""

    seconds: float
    events: tuple[Event, ...]
    segments: tuple[Segment, ...]
    depth: tuple[int, ...]

    def children(self, parent: int | None) -> list[int]:
        return [index for index, one in enumerate(self.segments) if one.parent == parent]


def find(row: str, results: Path, folder: Path | None = None) -> Path | None:
    """The file of a row of `results`, where it exists; with a folder only there."""
    name = f"{re.sub(r'[^A-Za-z0-9=._-]', '_', row)}.json"
    own = results.with_name(results.name.removesuffix(".json") + ".traces")
    folders = [folder] if folder else [own, results.with_name("traces")]
    return next((path for one in folders if (path := one / name).is_file()), None)


def read(path: Path) -> Trace:
    """Raises ResultError with the file's name."""
    try:
        document = json.loads(read_text(path))
        return _trace(document)
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ResultError(f"{path}: not a trace of a search ({error})") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{path}: not a trace of a search (missing or odd: {error})") from None


def _trace(document: Mapping[str, Any]) -> Trace:
    found = [event for event in document["traceEvents"] if event.get("ph") == "X"]
    segments = document.get("segments") or []
    if len(segments) > _MOST_SEGMENTS:
        raise ValueError(f"{len(segments)} segments")
    parents = [_parent(segment, len(segments)) for segment in segments]
    return Trace(
        seconds=_number(document["seconds"]),
        events=tuple(_event(event, len(segments)) for event in found),
        segments=tuple(_segments(segments, parents)),
        depth=tuple(_depths(parents)),
    )


def _event(event: Mapping[str, Any], segments: int) -> Event:
    segment = (event.get("args") or {}).get("segment")
    known = isinstance(segment, int) and 0 <= segment < segments
    return Event(
        str(event.get("cat", "")), _number(event["ts"]) / 1e6, _number(event["dur"]) / 1e6,
        int(event["tid"]), segment if known else None,
    )  # fmt: skip


def _parent(segment: Mapping[str, Any], count: int) -> int | None:
    parent = segment["parent"]
    if parent is not None and not (isinstance(parent, int) and 0 <= parent < count):
        raise ValueError(f"a segment's parent is {parent!r}")
    return parent


def _segments(segments: list[Mapping[str, Any]], parents: list[int | None]) -> list[Segment]:
    own = [[printable(str(name)) for name in segment["candidates"]] for segment in segments]
    of_children: list[set[str]] = [set() for _ in segments]
    for index, parent in enumerate(parents):
        if parent is not None:
            of_children[parent].update(own[index])
    return [
        Segment(
            parents[index], int(segment["first"]), int(segment["last"]),
            printable(str(segment.get("architecture", ""))), _number(segment["seconds"]),
            tuple(name for name in own[index] if name not in of_children[index])
            if segment["ends"] else (),
        )
        for index, segment in enumerate(segments)
    ]  # fmt: skip


def _depths(parents: list[int | None]) -> list[int]:
    """Raises ValueError where a segment is its own ancestor."""
    depths: list[int] = []
    for parent in parents:
        depth = 0
        while parent is not None:
            depth, parent = depth + 1, parents[parent]
            if depth > len(parents):
                raise ValueError("a segment is its own ancestor")
        depths.append(depth)
    return depths


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"a number is {value!r}")
    return float(value)
