# SPDX-License-Identifier: Apache-2.0
"""Which candidates share a trunk, as the context's `shared_trunks` says:
`last_3: a,b; last_1: a,b,c`. A configuration occurs once for each group."""

import re
from typing import Any

from report import wording


def groups(context: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Pairs of a configuration and the candidates whose trunks before it are equal."""
    found = []
    for part in str(context.get("shared_trunks") or "").split(";"):
        configuration, _, names = part.partition(":")
        candidates = [name for name in re.split(r"[,\s]+", names) if name]
        if len(candidates) > 1:
            found.append((configuration.strip(), candidates))
    return found


def sentences(contexts: dict[str, dict[str, Any]]) -> list[str]:
    """One per group and file; candidates that share several trunks are named once."""
    said = []
    for source, context in contexts.items():
        where = f"{source}: " if len(contexts) > 1 else ""
        by_candidates: dict[tuple[str, ...], list[str]] = {}
        for configuration, candidates in groups(context):
            by_candidates.setdefault(tuple(candidates), []).append(configuration)
        for candidates, configurations in by_candidates.items():
            names = wording.listed([wording.network(name) for name in candidates])
            before = wording.listed(configurations)
            each = "all" if len(candidates) > 2 else "both"
            said.append(
                f"{where}{names} have the same trunk before {before}, so one activation cache "
                f"serves {each}."
            )
    return said
