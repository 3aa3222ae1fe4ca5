# SPDX-License-Identifier: Apache-2.0
"""What pinning the buffers of a mode costs (`pin_seconds`), which lies outside of a search's time.

Only the first search of a process that needs such buffers pays it, so the largest of the rows with
such buffers counts. The modes that work ahead need more of them than serial mode.
"""

from results import settings
from results.settings import Setting

from report.diagnosis.donors import Donors
from report.diagnosis.search import Search

_BUFFERS = ("batch", "data", "decoder", "input", "transfer", "max_length", "configuration",
            "storage", "cache")  # fmt: skip


def extra(search: Search, target: Setting, donors: Donors) -> float:
    """The seconds that the target's buffers take longer; 0 where they are not known."""
    before, after = (_seconds(search, setting, donors) for setting in (search.setting, target))
    return max(0.0, (after or 0.0) - (before or 0.0))


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
