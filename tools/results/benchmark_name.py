# SPDX-License-Identifier: Apache-2.0
"""The grammar of benchmark names, by which rows of several files are matched.

`<Step>/<subject>/<configuration>/<device>/<key>=<value>.../batch:<n>/manual_time`; the subjects
`images` and `text` have no configuration.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_DEVICE = re.compile(r"cpu(:\d+)?|cuda(\d*|:[\d+]+)")
# Keys of older files and what they are called today, by the step.
_RENAMED = {("LoadModel", "transfer"): "weight_transfer"}
# Before activations could lie in memory, tails and joint networks read them from disk, and their
# names did not say so.
_ADDED = {"EndToEnd": ("cache", "disk")}


@dataclass(frozen=True)
class BenchmarkName:
    """One parsed name; `keys` have today's names, in the order of the name. `batch` is None where
    the step has no batches."""

    step: str
    subject: str
    configuration: str | None
    device: str
    keys: tuple[tuple[str, str], ...]
    batch: int | None

    def key(self, name: str) -> str | None:
        return dict(self.keys).get(name)


def parse(name: str) -> BenchmarkName | None:
    """The parts of a name, or None for a name that does not follow the grammar."""
    parts = name.split("/")
    device = next((i for i in (2, 3) if i < len(parts) and _DEVICE.fullmatch(parts[i])), None)
    if device is None or not all(parts[:device]):
        return None
    keys: list[tuple[str, str]] = []
    batch = None
    for part in parts[device + 1 :]:
        if "=" in part:
            key, value = part.split("=", 1)
            keys.append((_RENAMED.get((parts[0], key), key), value))
        elif re.fullmatch(r"batch:\d+", part):
            batch = int(part.removeprefix("batch:"))
    configuration = parts[2] if device == 3 else None
    if _lacks_key(parts[0], configuration, [key for key, _ in keys]):
        keys = sorted([*keys, _ADDED[parts[0]]])
    return BenchmarkName(parts[0], parts[1], configuration, parts[device], tuple(keys), batch)


def current(name: str) -> str:
    """The name as the program writes it today; rows of older and newer files are matched by it."""
    step, *parts = _renamed(name, _RENAMED).split("/")
    if parse(name) is None or "cache" not in dict(parse(name).keys):
        return "/".join([step, *parts])
    added = "=".join(_ADDED[step])
    if not any(part.startswith("cache=") for part in parts):
        later = (i for i, part in enumerate(parts) if i > 2 and ("=" not in part or part > added))
        parts.insert(next(later, len(parts)), added)
    return "/".join([step, *parts])


def spellings(name: str) -> tuple[str, ...]:
    """Today's name and, where it was written otherwise before, the older one."""
    older = {(step, new): old for (step, old), new in _RENAMED.items()}
    today = current(name)
    before = _renamed(today, older).replace("/" + "=".join(_ADDED["EndToEnd"]), "")
    return tuple(dict.fromkeys((today, before)))


def _lacks_key(step: str, configuration: str | None, keys: list[str]) -> bool:
    """Whether an older file left out a key that the names of such rows have today."""
    reads = step in _ADDED and configuration not in (None, "full")
    return reads and _ADDED[step][0] not in keys


def _renamed(name: str, keys: Mapping[tuple[str, str], str]) -> str:
    step, *parts = name.split("/")
    for place, part in enumerate(parts):
        key, equals, value = part.partition("=")
        if equals and (step, key) in keys:
            parts[place] = f"{keys[step, key]}={value}"
    return "/".join([step, *parts])
