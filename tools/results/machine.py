# SPDX-License-Identifier: Apache-2.0
"""Which machine a file's context names. Three questions have three answers:

- `same_card`: whether two files were measured on one GPU and host. A warning about mixed results
  asks this, so two cards of one kind differ.
- `same_kind`: whether the rows of one file may explain those of another. A diagnosis asks this, so
  two cards of one kind are equal, and the number of cores matters.
- `title`: what a history calls the machine of a series. Only the GPU and the processor count, so
  that a series goes on in a container with another card of the kind or with other cores.
"""

import json
from collections.abc import Mapping
from typing import Any

Context = Mapping[str, Any]

# The entries of a merged file's context that describe its machines, without their names.
MERGED = "merged_machine_"

_CARD = ("gpu_name", "gpu_uuid", "cpu_model", "cores_allowed")
_KIND = ("gpu_name", "cpu_model", "cores_allowed", "num_cpus")
_TITLE = ("gpu_name", "cpu_model")


def same_card(context: Context) -> tuple[str, ...]:
    """Equal for files of one GPU and host."""
    return _values(context, _CARD)


def same_kind(context: Context, source: str) -> tuple[str, ...]:
    """Equal for files of one kind of machine; a file that names neither its GPU nor its processor
    equals only itself."""
    named = _values(context, _KIND)
    return named if any(_values(context, _TITLE)) else (*named, source)


def title(context: Context) -> str:
    """The GPU where there is one, and the processor."""
    return ", ".join(filter(None, _values(context, _TITLE))) or "an unnamed machine"


def merged_machines(context: Context) -> dict[str, dict[str, Any]]:
    """What a merged file says of each of its machines, by their names; empty where there is one."""
    found = {}
    for name, text in context.items():
        if not name.startswith(MERGED):
            continue
        try:
            entries = json.loads(str(text))
        except (ValueError, RecursionError):
            entries = None
        found[name.removeprefix(MERGED)] = entries if isinstance(entries, dict) else {}
    return found


def _values(context: Context, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(context.get(key) or "") for key in keys)
