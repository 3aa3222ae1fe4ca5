# SPDX-License-Identifier: Apache-2.0
"""What a search costs at another scale: fixed seconds, and seconds for each item and candidate."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Term:
    """Seconds, times the items and the candidates where they count."""

    seconds: float
    per_item: bool = False
    per_candidate: bool = False

    def at(self, items: float, candidates: float) -> float:
        return (
            self.seconds
            * (items if self.per_item else 1)
            * (candidates if self.per_candidate else 1)
        )


@dataclass(frozen=True)
class Cost:
    """`added` follow each other; of `together`, which work at the same time, the slowest counts,
    `over` times."""

    added: tuple[Term, ...]
    together: tuple[Term, ...] = ()
    over: float = 1.0

    def seconds(self, items: float, candidates: float) -> float:
        slowest = max((term.at(items, candidates) for term in self.together), default=0.0)
        return sum(term.at(items, candidates) for term in self.added) + self.over * slowest

    def plain(self) -> dict[str, Any]:
        """For the page's script, which computes the same."""

        def terms(found: tuple[Term, ...]) -> list[list[float]]:
            return [[t.seconds, int(t.per_item), int(t.per_candidate)] for t in found if t.seconds]

        return {"added": terms(self.added), "together": terms(self.together), "over": self.over}


def one_by_one(fixed: float, each: float, once: float = 0.0) -> Cost:
    """Searches of one candidate after the other: `fixed` seconds a candidate, `each` for each item
    of each candidate, and `once` for all of them."""
    own = Term(fixed, per_candidate=True), Term(each, per_item=True, per_candidate=True)
    return Cost((Term(once), *own))
