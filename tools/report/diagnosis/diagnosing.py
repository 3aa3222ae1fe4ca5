# SPDX-License-Identifier: Apache-2.0
"""A diagnosis for each candidate, configuration, device and file; and why some have none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from results import machine, settings
from results.table import Results

from report.diagnosis import (
    alternatives,
    composed,
    contradictions,
    gain,
    limits,
    measurements,
    pinning,
    reasons,
    searches,
    sensitivity,
    sentence,
)
from report.diagnosis.contradictions import Contradiction
from report.diagnosis.donors import Donors
from report.diagnosis.gain import Gain
from report.diagnosis.measurements import Measurement
from report.diagnosis.search import Search
from report.diagnosis.statement import Diagnosis, WhatIf

Group = tuple[str, str, str]  # Source, subject, device.


@dataclass(frozen=True)
class Undiagnosed:
    """A candidate on a device without a diagnosis, and the reason."""

    source: str
    subject: str
    device: str
    reason: str


def diagnose(results: Results) -> list[Diagnosis]:
    """Diagnoses of full networks, in the order of the results, then of tails, then of joint models.
    A full network's is from EndToEnd rows, else composed of steps measured separately where the
    candidate has no EndToEnd row on this machine; the others have one for each configuration. All
    what-ifs of one call are one choice: see `gain`."""
    return of_rows(measurements.collect(results))


def of_rows(rows: list[Measurement]) -> list[Diagnosis]:
    found = cases(rows)
    return of_cases(found, gain.choose([one for case in found for one in case.gains]))


def cases(rows: list[Measurement]) -> list["Case"]:
    """What was found about each search; its gains have not been chosen yet."""
    rows = measurements.with_typical_noise(rows)
    return [_case(search, rows) for search in [*_full(rows)[0], *_partial(rows)]]


def of_cases(found: list["Case"], gains: list[Gain]) -> list[Diagnosis]:
    """`gains` are the chosen ones of all cases, in their order."""
    rest = iter(gains)
    return [_diagnosis(case.chosen(rest)) for case in found]


def undiagnosed(results: Results) -> list[Undiagnosed]:
    """Candidates that `diagnose` leaves out although rows of them were measured or failed."""
    rows = measurements.collect(results)
    found, reasons = _full(rows)
    known = {_group(search.measurement) for search in found}
    failed: dict[Group, str] = {}
    for row in results.failed.to_dict("records"):
        group = (row["source"], row["subject"], row["device"])
        if row["step"] == "EndToEnd" and row["configuration"] == "full":
            failed.setdefault(group, f"its EndToEnd row failed: {row['error']}")
    # A failure is the better reason; rows that serve as evidence of another file need none.
    left = {group: reason for group, reason in (reasons | failed).items() if group not in known}
    return [Undiagnosed(*group, reason) for group, reason in left.items()]


def _partial(rows: list[Measurement]) -> list[Search]:
    groups: dict[tuple[Group, str], list[Measurement]] = {}
    for row in _searches(rows):
        if row.setting["configuration"] != "full":
            groups.setdefault((_group(row), row.setting["configuration"]), []).append(row)
    found = [search for group in groups.values() if (search := searches.best(group, rows))]
    return sorted(found, key=lambda search: not settings.reads_activations(search.setting))


def _searches(rows: list[Measurement]) -> Iterable[Measurement]:
    return (row for row in rows if row.step == "EndToEnd" and "peer" not in row.setting)


def _group(row: Measurement) -> Group:
    return row.source, row.subject, row.device


def _full(rows: list[Measurement]) -> tuple[list[Search], dict[Group, str]]:
    groups: dict[Group, list[Measurement]] = {}
    for row in rows:
        if row.of_candidate:
            groups.setdefault(_group(row), []).append(row)
    found: dict[Group, Search] = {}
    for group, own in groups.items():
        full = [row for row in _searches(own) if row.setting["configuration"] == "full"]
        if search := searches.best(full, rows):
            found[group] = search
    measured = {_elsewhere(search.measurement) for search in found.values()}
    reasons: dict[Group, str] = {}
    for group, own in groups.items():
        if group in found or _elsewhere(own[0]) in measured:
            continue
        inference = [row for row in own if row.step == "Inference" and "peer" not in row.setting
                     and row.setting["configuration"] == "full"]  # fmt: skip
        search, reason = composed.compose(inference, rows)
        if search:
            found[group] = search
        else:
            reasons[group] = reason
    return [found[group] for group in groups if group in found], reasons


def _elsewhere(row: Measurement) -> tuple:
    return machine.same_kind(row.context, row.source), row.subject, row.device


@dataclass(frozen=True)
class Case:
    """A search and what was found about it; `fastest` is the fastest measured search of its
    candidate and configuration, where that is another one."""

    search: Search
    donors: Donors
    contradictions: list[Contradiction]
    what_ifs: list[WhatIf]
    fastest: tuple[Measurement, Gain] | None

    @property
    def gains(self) -> list[Gain]:
        known = [what_if.gain for what_if in self.what_ifs]
        return [*known, self.fastest[1]] if self.fastest else known

    def chosen(self, gains: Iterator[Gain]) -> "Case":
        """With these gains in place of its own, in their order."""
        what_ifs = [replace(what_if, gain=next(gains)) for what_if in self.what_ifs]
        fastest = (self.fastest[0], next(gains)) if self.fastest else None
        return replace(self, what_ifs=what_ifs, fastest=fastest)


def _case(search: Search, rows: list[Measurement]) -> Case:
    donors = Donors(rows, search.measurement)
    found = contradictions.of(search, donors, reasons.rate)
    for one in found:
        donors = donors.without_family(one.family)
    row, tries = (None, 0) if search.composed else searches.fastest(search, donors.rows())
    fastest = None
    if row and row.name != search.measurement.name:
        seconds = row.values["end_to_end"] + pinning.of(search, row.setting, donors).share
        fastest = row, sensitivity.measured(search, seconds, row, tries)
    return Case(search, donors, found, alternatives.all_of(search, donors), fastest)


def _diagnosis(case: Case) -> Diagnosis:
    search, row = case.search, case.search.measurement
    limit = limits.of(search, case.donors)
    helps = alternatives.useful(case.what_ifs)
    fastest = case.fastest if case.fastest and case.fastest[1].named else None
    text, quoted = sentence.write(search, limit, helps, fastest, case.donors, case.contradictions)
    names = [row.name, *(used.name for used in (*search.rows, *quoted))]
    return Diagnosis(
        source=row.source,
        subject=row.subject,
        device=row.device,
        row_name=row.name,
        domain=row.domain,
        partial=search.setting["configuration"] != "full",
        limit=limit.limit,
        share=limit.share,
        sentence=text,
        configuration=search.setting["configuration"],
        evidence=tuple(dict.fromkeys(names)),
        what_ifs=helps,
    )
