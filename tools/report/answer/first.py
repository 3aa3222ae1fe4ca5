# SPDX-License-Identifier: Apache-2.0
"""Everything that needs the diagnosis: the answer of the first screen, and what stands behind it.

The page is about whole-zoo searches where the first file has some, else about its candidates. All
gains of candidates are one choice, so that noise is rarely named; those of zoos are another."""

from dataclasses import dataclass
from typing import Any

from results.table import Results

from report import diagnosis, wording
from report.answer import actions, candidates, ranked, zoo
from report.answer.ranked import Ranked
from report.answer.statement import Answer
from report.diagnosis import diagnosing, gain, measurements
from report.whole_search import section

_NAMED = 3  # Networks of a sentence.


@dataclass(frozen=True)
class First:
    """`full` and `partial` are diagnoses; `checks` compare predictions with measured searches,
    `left_out` says which candidates lack a diagnosis and why."""

    answer: Answer | None
    ranking: list[Ranked]
    full: list[Any]
    partial: list[Any]
    checks: list[Any]
    left_out: list[str]
    zoos: list[section.Found]
    saved: list[str]


def gather(results: Results) -> First:
    try:
        return _gather(results)
    except (
        Exception
    ) as error:  # Results that break the diagnosis still get their page, which says so.
        reason = f"{type(error).__name__}: {error}"
        left_out = [f"No diagnosis: it failed on these results ({reason})."]
        return First(None, [], [], [], [], left_out, [], [])


def _gather(results: Results) -> First:
    cases = diagnosing.cases(measurements.collect(results))
    own = candidates.chosen(cases)
    offered = actions.offers(own)
    inner = [one for case in cases for one in case.gains]
    gains = gain.choose([*inner, *(offer.gain for offer in offered)])
    found = diagnosing.of_cases(cases, gains[: len(inner)])
    zoos = section.gather(results)
    answer, places, saved = None, [], []
    if zoos and (not own or _leads(results, zoos)):
        first = zoos[0]
        answer = zoo.answer(first, results)
        places, saved = ranked.of_zoo(first.question.main, results), zoo.saved(first.question)
    elif own:
        answer = candidates.answer(own, offered, gains[len(inner) :], results)
        subjects = [case.search.measurement.subject for case in own]
        places = ranked.of_candidates(results, subjects)
    return First(
        answer,
        places,
        [one for one in found if not one.partial],
        [one for one in found if one.partial],
        diagnosis.validate(results),
        _left_out(diagnosis.undiagnosed(results)),
        zoos,
        saved,
    )


def _left_out(found: list[diagnosis.Undiagnosed]) -> list[str]:
    """A sentence for each device and reason."""
    networks: dict[tuple[str, str], list[str]] = {}
    for one in found:
        networks.setdefault((one.device, one.reason), []).append(wording.network(one.subject))
    said = []
    for (device, reason), every in networks.items():
        names = list(dict.fromkeys(every))
        more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED + 1 else []
        shown = wording.listed([*names[:_NAMED], *more] if more else names)
        said.append(f"What limits {shown} on {wording.device(device)} is not known: {reason}.")
    return said


def _leads(results: Results, zoos: list[section.Found]) -> bool:
    source = next(iter(results.contexts))
    return any(found.question.main.source == source for found in zoos)
