# SPDX-License-Identifier: Apache-2.0
"""Whether two results may be compared: which entries of the context must be equal."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

# The first pattern that matches an entry gives its kind; "" is never compared.
_KINDS = (
    # What is compared, when and where it ran, and what each row's name tells.
    ("", r"git_revision|date|executable|host_name|load_avg|caches|mhz_per_cpu|name|resumed"),
    (
        "",
        r"json_schema_version|aslr_enabled|shared_trunks|thread_pools|peer_.*|source|published_.*",
    ),
    (
        "",
        r"option_(steps|architectures|configurations|devices|batch_sizes|decoders|workers|threads)",
    ),
    ("", r"option_(modes|transfers|inputs|layouts|storages|page_caches|precisions|probes|classes)"),
    (
        "",
        r"option_(heads|data|max_lengths|paddings|poolings|reads|executions|candidates)|precision",
    ),
    ("driver", r"driver_version"),
    ("machine", r"cpu_.*|num_cpus|cores_allowed|gpu.*|activation_reads"),
    ("library", r".*_version|compiler|library_build_type|resampling|decoder_.*"),
    ("build", r"harness_build_type"),
    ("data", r"(data|text|weights|architecture|tokenizer)(_.*)?"),
    ("option", r"option_.*|seed|page_cache"),
)
_OWN_VERSION = "program_version"
KINDS = ("machine", "driver", "library", "build", "data", "option")


@dataclass(frozen=True)
class Difference:
    kind: str
    name: str
    base: Any
    new: Any


def kind_of(name: str) -> str:
    """The kind of an entry; an entry that nobody knows counts as an option."""
    if name == _OWN_VERSION:
        return ""
    return next((kind for kind, pattern in _KINDS if re.fullmatch(pattern, name)), "option")


def differences(
    base: dict[str, Any], new: dict[str, Any], allowed: Collection[str] = ()
) -> list[Difference]:
    """Entries that differ and are not allowed to, by their name or their kind."""
    found = []
    for name in sorted(base.keys() | new.keys()):
        kind = kind_of(name)
        before, after = base.get(name), new.get(name)
        # Of subjects that only one side has there are no rows to compare.
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
    return "not told" if value is None else repr(value)
