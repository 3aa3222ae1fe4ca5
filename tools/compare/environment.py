# SPDX-License-Identifier: Apache-2.0
"""Whether two results may be compared: which entries of the context must be equal."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from results.context import KINDS, entry, kind_of


@dataclass(frozen=True)
class Difference:
    kind: str
    name: str
    base: Any
    new: Any


def differences(
    base: dict[str, Any], new: dict[str, Any], allowed: Collection[str] = ()
) -> list[Difference]:
    """Entries that differ and are not allowed to, by their name or their kind."""
    found = []
    for name in sorted(base.keys() | new.keys()):
        kind = kind_of(name)
        before, after = entry(base, name), entry(new, name)
        # A subject that only one side has gives no rows to compare.
        lone = kind == "data" and (before is None or after is None)
        if kind and not lone and before != after and not {kind, name} & set(allowed):
            found.append(Difference(kind, name, before, after))
    return found


def unknown(allowed: Collection[str], *contexts: dict[str, Any]) -> list[str]:
    """Values of --allow-different that name neither a kind nor an entry."""
    names = set(KINDS).union(*contexts)
    return sorted(set(allowed) - names)


def message(found: list[Difference]) -> str:
    lines = [f"  {d.name} ({d.kind}): {_shown(d.base)} and {_shown(d.new)}" for d in found]
    kinds = ",".join(dict.fromkeys(d.kind for d in found))
    return (
        "these results were not measured under the same conditions:\n"
        + "\n".join(lines)
        + f"\n--allow-different={kinds} compares them nevertheless (or name single entries)"
    )


def _shown(value: Any) -> str:
    return "not recorded" if value is None else repr(value)
