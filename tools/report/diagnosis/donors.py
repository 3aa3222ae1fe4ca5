# SPDX-License-Identifier: Apache-2.0
"""Measured rows that show how long a step takes under a setting: donors of a prediction.

A donor is a row of the step itself, or without such a row an EndToEnd row that ran the step with
equal settings: a serial row's exclusive seconds, an overlapped row's seconds of the step alone.
Donors come from the same machine; of several the nearest counts: the same file, card, data and
revision.
"""

from dataclasses import dataclass

from results import settings
from results.settings import Setting

from report.diagnosis.measurements import Measurement, differences, same_data, same_machine

# Step -> its benchmark family and its counters in EndToEnd rows.
FAMILIES = {
    "load_model": ("LoadModel", "load_model"),
    "data": ("LoadData", "load_data"),
    "transfer": ("DataToDevice", "data_to_device"),
    "inference": ("Inference", "inference"),
    "score": ("Score", "score"),
}
_PER_SEARCH = ("load_model", "score")


@dataclass(frozen=True)
class Donor:
    """A row and the seconds of the step in it: per item, of `load_model` and `score` per search."""

    row: Measurement
    seconds: float


class Donors:
    """The rows that may explain those of one machine, without the row `target`, whose seconds a
    prediction must not know."""

    def __init__(self, rows: list[Measurement], search: Measurement, target: str | None = None):
        self._search = search
        near = [row for row in rows if same_machine(row, search) and row.domain == search.domain]
        near = [row for row in near if row.name != target or row.step != "EndToEnd"]
        self._rows = sorted(near, key=self._distance)

    def _distance(self, row: Measurement) -> tuple:
        return row.source != self._search.source, len(differences(row, self._search))

    def standalone(self, step: str, setting: Setting) -> Donor | None:
        return next(iter(self.of_step(step, setting)), None)

    def of_step(self, step: str, setting: Setting) -> list[Donor]:
        """Rows of the step's own benchmark, the nearest first."""
        family, _ = FAMILIES[step]
        if family == "LoadData" and settings.reads_activations(setting):
            return []
        found = []
        for row in self._rows:
            if row.step != family or not settings.plain(family, row.setting):
                continue
            if row.subject != self._subject(step) or not self._on_device(step, row, setting):
                continue
            if _projection(family, row.setting) != _projection(family, setting):
                continue
            seconds = row.get("seconds") if step in _PER_SEARCH else row.seconds_per_item
            if seconds:
                found.append(Donor(row, seconds))
        return found

    def in_searches(self, step: str, setting: Setting) -> Donor | None:
        """An EndToEnd row that ran the step alone, other than the diagnosed row."""
        family, counter = FAMILIES[step]
        for row in self._rows:
            if row.step != "EndToEnd" or row.identity == self._search.identity:
                continue
            if row.device != self._search.device or "peer" in row.setting:
                continue
            own = row.subject == self._search.subject
            if not own and (step != "data" or settings.reads_activations(setting)):
                continue
            if settings.projection(family, row.setting) != settings.projection(family, setting):
                continue
            name = f"alone_{counter}" if row.mode == "overlapped" else counter
            seconds, items = row.get(name), row.get("items")
            if row.mode == "prefetch" or seconds is None or not items:
                continue
            return Donor(row, seconds if step in _PER_SEARCH else seconds / items)
        return None

    def measured(self, setting: Setting) -> list[Measurement]:
        """EndToEnd rows of the same candidate, device and data with exactly this setting."""
        return [
            row
            for row in self._rows
            if row.step == "EndToEnd"
            and (row.subject, row.device) == (self._search.subject, self._search.device)
            and same_data(row, self._search)
            and not settings.difference(row.setting, setting)
        ]

    def rows(self) -> list[Measurement]:
        return self._rows

    def _subject(self, step: str) -> str:
        return self._search.domain if step in ("data", "transfer") else self._search.subject

    def _on_device(self, step: str, row: Measurement, setting: Setting) -> bool:
        if step != "data":
            return row.device == self._search.device
        decodes = setting.get("decoder") in self._search.gpu_decoders and setting["data"] == "jpeg"
        return row.device == (self._search.device if decodes else "cpu")


def _projection(family: str, setting: Setting) -> tuple:
    return settings.projection(family, setting)
