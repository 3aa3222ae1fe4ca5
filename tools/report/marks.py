# SPDX-License-Identifier: Apache-2.0
"""Marks of what is uncertain, random, generated or simulated: a sign, with an explanation on hover
and in the text for print and screen readers. Every mark of both documents is from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from results.table import Results, has_candidate

from report import sources, weights


@dataclass(frozen=True)
class Mark:
    """`title` says what is marked; `why` follows in brackets."""

    sign: str
    title: str
    why: str


PREDICTED = Mark(
    "≈",
    "predicted",
    "predicted from rows of single steps; an interval has the error of the model",
)
HELD_OUT = Mark("±", "accuracy", "95 % interval of the held-out items, a fifth of all")
RANDOM = Mark(
    "?",
    "random weights",
    "times hold for any weights of the same shape; accuracies have no meaning",
)
GENERATED = {
    "images": Mark(
        "?",
        "generated images",
        "the program made them itself; loading depends on their size, and accuracies say nothing "
        "of other data",
    ),
    "text": Mark(
        "?",
        "generated texts",
        "the program made them itself; times depend on their lengths, and accuracies say nothing "
        "of other data",
    ),
}
SYNTHETIC = Mark(
    "?",
    "synthetic labels or features",
    "made up to measure what a score costs; their accuracy has no meaning",
)
MEMORY = Mark(
    "?",
    "simulated memory limit",
    "the largest batch of a smaller card, on a card with more memory",
)
SLOWED = Mark("?", "simulated delay", "batches took longer on purpose, for a test of comparisons")
_WEIGHTS = "weights_"
_WITHOUT_DATA = frozenset({"LoadModel", "MaxBatchSize"})


def of(results: Results, rows: pd.DataFrame) -> list[Mark]:
    """Those of some rows of the results, each once."""
    found: dict[Mark, None] = {}
    for source, own in rows.groupby("source", sort=False):
        found |= dict.fromkeys(_of_file(results.contexts[source], own))
    return list(found)


def _of_file(context: Mapping[str, Any], rows: pd.DataFrame) -> list[Mark]:
    subjects = set(rows[has_candidate(rows)]["subject"])
    if "Search" in set(rows["step"]):  # Of a whole zoo, whose candidates the context names.
        subjects |= {key.removeprefix(_WEIGHTS) for key in context if key.startswith(_WEIGHTS)}
    found = [RANDOM] if any(weights.are_random(context, name) for name in subjects) else []
    read = rows[~rows["step"].isin(_WITHOUT_DATA)]
    found += [mark for domain, mark in GENERATED.items()
              if domain in set(read["domain"]) and sources.generated(context, domain)]  # fmt: skip
    keys = {(step, key) for step, pairs in zip(rows["step"], rows["keys"], strict=True)
            for key, _ in pairs}  # fmt: skip
    if keys & {("Score", "classes"), ("Score", "features")}:
        found.append(SYNTHETIC)
    if any(key == "memory_limit" for _, key in keys):
        found.append(MEMORY)
    if "simulated_delay" in rows and (rows["simulated_delay"] > 0).any():
        found.append(SLOWED)
    return found
