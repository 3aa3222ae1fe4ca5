# SPDX-License-Identifier: Apache-2.0
"""What would help a search: settings of other measured rows of its question that were faster.

A plan and a budget are choices, too; another score is another question.
"""

from dataclasses import dataclass, replace

from results import schema
from results.zoo_searches import ZooSearch

from report import wording
from report.diagnosis import changes
from report.diagnosis.gain import Gain
from report.whole_search.question import Question

_BOUNDS = ("device_cache", "host_cache")
_KEPT = frozenset({"probe", "pooling", "max_length", "padding"})
FEATURES = frozenset(schema.affecting("features"))


@dataclass(frozen=True)
class Faster:
    """A measured row in place of the main one; `axis` are the settings that differ."""

    row: ZooSearch
    axis: frozenset[str]
    gain: Gain


def candidates(question: Question) -> list[Faster]:
    """Every row that answers the same as the main one with other settings; each row's gain is one
    of those that `diagnosis.gain` chooses from."""
    main = question.main
    rows = [row for row in question.searches
            if row is not main and not axis(main, row) & _KEPT]  # fmt: skip
    return [Faster(row, axis(main, row), question.gain(main, row)) for row in rows]


def chosen(found: list[Faster], gains: list[Gain]) -> list[Faster]:
    return [replace(one, gain=gain) for one, gain in zip(found, gains, strict=True)]


def axis(one: ZooSearch, other: ZooSearch) -> frozenset[str]:
    """The settings in which two searches differ."""
    keys = one.setting.keys() | other.setting.keys()
    return frozenset(key for key in keys if _value(one, key) != _value(other, key))


def _value(search: ZooSearch, key: str) -> str:
    return search.setting.get(key, schema.DEFAULTS.get(key, "default"))


def words(search: ZooSearch, axis: frozenset[str]) -> str:
    """The search's values of these settings."""
    setting = {key: _value(search, key) for key in axis}
    known = axis - set(_BOUNDS)
    found = [changes.words(setting, known)] if known else []
    found += [f"{bound.replace('_', ' ')} {_bytes(setting[bound])}"
              for bound in _BOUNDS if bound in axis]  # fmt: skip
    return wording.listed(found)


def _bytes(text: str) -> str:
    return wording.count(float(text), (" B", " kB", " MB", " GB")) if text.isdigit() else text
