# SPDX-License-Identifier: Apache-2.0
"""What pinning the buffers of a mode costs (`pin_seconds`), which lies outside of a search's time.

A process pins once for all its candidates, so the largest of the rows with such buffers counts, and
one candidate's search carries its share. The modes that work ahead need more buffers than serial
mode.
"""

from results import settings
from results.settings import Setting

from report import wording
from report.diagnosis.donors import Donors
from report.diagnosis.search import Search

_WORTH_SAYING = 0.002  # Share of a search.
_BUFFERS = ("batch", "data", "decoder", "input", "transfer", "max_length", "configuration",
            "storage", "cache")  # fmt: skip


def extra(search: Search, target: Setting, donors: Donors) -> float:
    """The seconds that the target's buffers take longer, once for all candidates; 0 where they are
    not known."""
    before, after = (_seconds(search, setting, donors) for setting in (search.setting, target))
    return max(0.0, (after or 0.0) - (before or 0.0))


def share(search: Search, target: Setting, donors: Donors) -> float:
    """What one candidate's search carries of `extra`."""
    return extra(search, target, donors) / candidates(search, donors)


def candidates(search: Search, donors: Donors) -> int:
    """How many candidates the rows search whole on this device, at least 1."""
    subjects = {
        row.subject
        for row in donors.rows()
        if row.step == "EndToEnd" and row.device == search.measurement.device
        and row.setting.get("configuration") == "full" and "peer" not in row.setting
    }  # fmt: skip
    return max(1, len(subjects))


def caveat(search: Search, target: Setting, donors: Donors) -> str:
    """That pinning is counted, "" where it is too short to be worth a word."""
    if share(search, target, donors) < _WORTH_SAYING * search.settled:
        return ""
    count = candidates(search, donors)
    said = f"pinning takes {wording.brief(extra(search, target, donors))} more"
    return f"{said}, once for {count} candidates" if count > 1 else f"{said}, which is counted"


def _seconds(search: Search, setting: Setting, donors: Donors) -> float | None:
    own = search.measurement
    known = [
        seconds
        for row in donors.rows()
        if row.step == "EndToEnd" and row.device == own.device
        and (row.subject == own.subject or not settings.reads_activations(setting))
        and (row.mode == "serial") == (setting.get("mode", "serial") == "serial")
        and all(row.setting.get(key) == setting.get(key) for key in _BUFFERS)
        and (seconds := row.get("pin_seconds")) is not None
    ]  # fmt: skip
    return max(known, default=None)
