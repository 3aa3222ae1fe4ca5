# SPDX-License-Identifier: Apache-2.0
"""What pinning the buffers of a mode costs (`pin_seconds`), which lies outside of a search's time.

A process pins once for all its candidates, so the largest of the rows with such buffers counts, and
one candidate's search carries its share. The modes that work ahead need more buffers than serial
mode.
"""

from dataclasses import dataclass

from results import settings
from results.settings import Setting

from report import wording
from report.diagnosis.donors import Donors
from report.diagnosis.search import Search

_WORTH_SAYING = 0.002  # Share of a search.
_BUFFERS = ("batch", "data", "decoder", "input", "transfer", "max_length", "configuration",
            "storage", "cache")  # fmt: skip


@dataclass(frozen=True)
class Pinning:
    """The `extra` seconds that another setting's buffers take, once for all `candidates` that the
    rows search whole on the device; 0 where they are not known. `worth_saying`: a candidate's share
    is not negligible in its search."""

    extra: float
    candidates: int
    worth_saying: bool

    @property
    def share(self) -> float:
        """What one candidate's search carries."""
        return self.extra / self.candidates

    @property
    def caveat(self) -> str:
        said = f"pinning takes {wording.brief(self.extra)} more"
        if self.candidates > 1:
            return f"{said}, once for {self.candidates} candidates"
        return f"{said}, which is counted"


def of(search: Search, target: Setting, donors: Donors) -> Pinning:
    before, after = (_seconds(search, setting, donors) for setting in (search.setting, target))
    extra = max(0.0, (after or 0.0) - (before or 0.0))
    count = _candidates(search, donors) if extra else 1
    share = extra / count
    return Pinning(extra, count, share > 0 and share >= _WORTH_SAYING * search.settled)


def _candidates(search: Search, donors: Donors) -> int:
    subjects = {
        row.subject
        for row in donors.rows()
        if row.step == "EndToEnd" and row.device == search.measurement.device
        and row.setting.get("configuration") == "full" and "peer" not in row.setting
    }  # fmt: skip
    return max(1, len(subjects))


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
