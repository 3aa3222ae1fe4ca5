# SPDX-License-Identifier: Apache-2.0
"""A diagnosis for each candidate, device and file; and why some candidates have none."""

from collections.abc import Iterable
from dataclasses import dataclass

from results import machine, settings
from results.table import Results

from report.diagnosis import alternatives, composed, limits, measurements, searches, sentence
from report.diagnosis.donors import Donors
from report.diagnosis.measurements import Measurement
from report.diagnosis.search import Search
from report.diagnosis.statement import Diagnosis

_NO_CANDIDATES = ("images", "text")
Group = tuple[str, str, str]  # Source, subject, device.


@dataclass(frozen=True)
class Undiagnosed:
    """A candidate on a device without a diagnosis, and the reason."""

    source: str
    subject: str
    device: str
    reason: str


def diagnose(results: Results) -> list[Diagnosis]:
    """Diagnoses of full networks, in the order of the results: from EndToEnd rows, else composed of
    steps measured separately where the candidate has no EndToEnd row on this machine."""
    rows = measurements.collect(results)
    return [_diagnosis(found, rows) for found in _full(rows)[0]]


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


def diagnose_partial(results: Results) -> list[Diagnosis]:
    """Diagnoses of tails, then of joint models: one for each candidate, device, configuration and
    file."""
    rows = measurements.collect(results)
    groups: dict[tuple[Group, str], list[Measurement]] = {}
    for row in _searches(rows):
        if row.setting["configuration"] != "full":
            groups.setdefault((_group(row), row.setting["configuration"]), []).append(row)
    found = [search for group in groups.values() if (search := searches.best(group, rows))]
    found.sort(key=lambda search: not settings.reads_activations(search.setting))
    return [_diagnosis(search, rows) for search in found]


def _searches(rows: list[Measurement]) -> Iterable[Measurement]:
    return (row for row in rows if row.step == "EndToEnd" and "peer" not in row.setting)


def _group(row: Measurement) -> Group:
    return row.source, row.subject, row.device


def _full(rows: list[Measurement]) -> tuple[list[Search], dict[Group, str]]:
    groups: dict[Group, list[Measurement]] = {}
    for row in rows:
        if row.subject not in _NO_CANDIDATES:
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


def _diagnosis(search: Search, rows: list[Measurement]) -> Diagnosis:
    row = search.measurement
    donors = Donors(rows, row)
    limit = limits.of(search, donors)
    helps = alternatives.useful(search, rows)
    fastest = None if search.composed else searches.fastest(search, rows)
    text, quoted = sentence.write(search, limit, helps, fastest, donors)
    names = [row.name, *(used.name for used in (*search.rows, *quoted))]
    return Diagnosis(
        source=row.source,
        subject=row.subject,
        device=row.device,
        row_name=row.name,
        domain=row.domain,
        limit=limit.limit,
        share=limit.share,
        sentence=text,
        evidence=tuple(dict.fromkeys(names)),
        what_ifs=helps,
    )
