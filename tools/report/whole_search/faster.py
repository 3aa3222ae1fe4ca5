# SPDX-License-Identifier: Apache-2.0
"""What would help a search: settings of other measured rows of its question that were faster.

As in the diagnosis of single candidates, advice changes one setting, or several of how the network
computes (execution, layout, precision); the best row of each change is named where its gain stands
out of the noise of all gains of the report. Rows with the same budget count, since `factors` speaks
of halving, and rows of another plan, since a plan is a choice too. The fastest row of all
is named where it is faster still.
"""

from dataclasses import dataclass, replace

from results import schema
from results.zoo_searches import ZooSearch

from report import wording
from report.diagnosis import changes, measurements
from report.diagnosis.alternatives import LEAST_GAIN, MOST
from report.diagnosis.gain import Gain
from report.whole_search.question import Question

_WORTH_SAYING = 1.1  # How much faster than the best advice the fastest row is to be named.
_BOUNDS = ("device_cache", "host_cache")
# Another score is another question.
_KEPT = frozenset({"probe", "pooling", "max_length", "padding", "budget"})
_FEATURES = frozenset(schema.affecting("features"))


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


def sentence(question: Question, found: list[Faster]) -> str:
    """`found` are the candidates with chosen gains."""
    main = question.main
    named = [one for one in found if one.gain.named and one.gain.times >= 1 + LEAST_GAIN]
    best: dict[frozenset[str], Faster] = {}
    for one in sorted(named, key=lambda one: one.row.seconds):
        if len(one.axis) == 1 or one.axis <= changes.ARITHMETIC:
            best.setdefault(one.axis, one)
    advice = list(best.values())[:MOST]
    text = ""
    if advice:
        said = "; ".join(_advice(question, main, one) for one in advice)
        text = f"Measured and faster than its {wording.seconds(main.seconds)}: {said}."
    fastest = min(named, key=lambda one: one.row.seconds, default=None)
    if fastest and all(one.row.seconds >= _WORTH_SAYING * fastest.row.seconds for one in advice):
        text += f" Fastest of all, {_advice(question, main, fastest)}."
    if not text and found:
        text = "No other measured plan or setting is faster beyond the rows' noise."
    return text.strip()


def chosen(found: list[Faster], gains: list[Gain]) -> list[Faster]:
    return [replace(one, gain=gain) for one, gain in zip(found, gains, strict=True)]


def axis(one: ZooSearch, other: ZooSearch) -> frozenset[str]:
    """The settings in which two searches differ."""
    keys = one.setting.keys() | other.setting.keys()
    return frozenset(key for key in keys if _value(one, key) != _value(other, key))


def _value(search: ZooSearch, key: str) -> str:
    return search.setting.get(key, schema.DEFAULTS.get(key, "default"))


def _advice(question: Question, main: ZooSearch, one: Faster) -> str:
    known = one.gain
    interval = f"{wording.significant(known.low)} to {wording.significant(known.high)}"
    said = [f"{wording.significant(known.times)} times as fast ({interval})"]
    if one.axis & _FEATURES and (distance := one.row.get("feature_distance")) > 0:
        said.append(f"features are within {wording.percent(distance)} of the reference")
    first = [search.ranking[0].candidate for search in (main, one.row) if search.ranking]
    if len(set(first)) > 1:
        said.append(f"the first place is {first[1]} in place of {first[0]}")
    if others := measurements.differences(question.row(main), question.row(one.row)):
        said.append(f"measured {wording.listed(others)}")
    return f"{words(one.row, one.axis)} takes {wording.seconds(one.row.seconds)}, {', '.join(said)}"


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
