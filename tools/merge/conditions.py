# SPDX-License-Identifier: Apache-2.0
"""Whether shards belong together, by the kinds of context entries that a comparison knows.

Shards are parts of one run: its build, libraries, data, options and grid must be equal, and its
revision, which a comparison lets differ. Machines and their drivers may differ: that is what shards
are for.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from compare import environment
from compare.environment import Difference

from merge.shards import Shard

KINDS = ("library", "build", "data", "option", "grid")
# Never compared between two runs, but equal in one.
_OF_ONE_RUN = {
    "program_version": "build",
    "git_revision": "build",
    "row_versions": "build",
    "processes": "option",
    "shard_grid": "grid",
}
_OF_A_MACHINE = ("machine", "driver")


def differences(
    shards: Sequence[Shard], allowed: Collection[str]
) -> list[tuple[Shard, Difference]]:
    """What differs from the first shard, and is not allowed to by its name or kind."""
    first = shards[0].context
    # A candidate's entries are in the shards that measure it, and in those alone.
    known = dict(first)
    found = []
    for shard in shards[1:]:
        for difference in (
            *environment.differences(known, shard.context, (*_OF_A_MACHINE, *allowed)),
            *_of_one_run(first, shard.context, allowed),
        ):
            found.append((shard, difference))
        known |= {name: value for name, value in shard.context.items() if name not in known}
    return found


def unknown(allowed: Collection[str], shards: Iterable[Shard]) -> list[str]:
    """Values of --allow-different that name neither a kind nor an entry."""
    return sorted(set(allowed) - set(KINDS).union(*(shard.context for shard in shards)))


def message(found: Sequence[tuple[Shard, Difference]], first: Shard) -> str:
    lines = [
        f"  {d.name} ({d.kind}): {_shown(d.base)}, in {shard.path} {_shown(d.new)}"
        for shard, d in found
    ]
    kinds = ",".join(dict.fromkeys(d.kind for _, d in found))
    return (
        f"these files do not belong to the run of {first.path}:\n"
        + "\n".join(lines)
        + (_ABOUT_GRIDS if "grid" in kinds else "")
        + f"\n--allow-different={kinds} merges them nevertheless (or name single entries)"
    )


_ABOUT_GRIDS = (
    "\nEach process dealt other rows out, or in another way. Give all of them the same flags, and "
    "those whose default is the machine's (--workers, --threads, --caches, --decoders)."
)


def _of_one_run(
    first: dict[str, Any], other: dict[str, Any], allowed: Collection[str]
) -> list[Difference]:
    return [
        Difference(kind, name, first.get(name), other.get(name))
        for name, kind in _OF_ONE_RUN.items()
        if first.get(name) != other.get(name) and not {kind, name} & set(allowed)
    ]


def _shown(value: Any) -> str:
    return "not recorded" if value is None else repr(value)
