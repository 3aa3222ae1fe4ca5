# SPDX-License-Identifier: Apache-2.0
"""Measured rows that show how long a step takes under a setting: donors of a prediction.

A donor is a row of the step itself, or without such a row an EndToEnd row that ran the step with
equal settings: a serial row's exclusive seconds, an overlapped row's seconds of the step alone.
Donors come from the same machine; of several the nearest counts: the same file, card, data and
revision.
"""

import copy
from collections.abc import Callable
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
    """The rows that may explain a search: those of its machine, the nearest first."""

    def __init__(self, rows: list[Measurement], search: Measurement):
        self._search = search
        near = [row for row in rows if same_machine(row, search) and row.domain == search.domain]
        self._rows = sorted(near, key=self._distance)
        self._shift: tuple[Measurement | None, float] = (None, 1.0)

    def without_search(self, name: str | None) -> "Donors":
        """Without the search of this name."""
        return self._where(lambda row: row.name != name or row.step != "EndToEnd")

    def without_family(self, family: str) -> "Donors":
        return self._where(lambda row: row.step != family)

    def shifted(self, row: Measurement, factor: float) -> "Donors":
        """As if this row had taken `factor` times as long."""
        found = copy.copy(self)
        found._shift = (row, factor)
        return found

    def _where(self, kept: Callable[[Measurement], bool]) -> "Donors":
        found = copy.copy(self)
        found._rows = [row for row in self._rows if kept(row)]
        return found

    def _donor(self, row: Measurement, seconds: float) -> "Donor":
        shifted, factor = self._shift
        return Donor(row, seconds * factor if row is shifted else seconds)

    def _distance(self, row: Measurement) -> tuple:
        return row.source != self._search.source, len(differences(row, self._search))

    def standalone(self, step: str, setting: Setting) -> Donor | None:
        return next(iter(self.of_step(step, setting)), None)

    def of_step(self, step: str, setting: Setting) -> list[Donor]:
        """Rows of the step's own benchmark, the nearest first."""
        family, _ = FAMILIES[step]
        if family == "LoadData" and settings.reads_activations(setting):
            return []
        wanted = settings.projection(family, setting)
        found = []
        for row in self._rows:
            if row.step != family or row.subject != self._subject(step):
                continue
            if settings.projection(family, row.setting) != wanted:
                continue
            if not settings.plain(family, row.setting) or not self._on_device(step, row, setting):
                continue
            seconds = row.get("seconds") if step in _PER_SEARCH else row.seconds_per_item
            if seconds:
                found.append(self._donor(row, seconds))
        return found

    def in_searches(self, step: str, setting: Setting) -> Donor | None:
        """An EndToEnd row that ran the step alone, other than the diagnosed row."""
        family, counter = FAMILIES[step]
        wanted = settings.projection(family, setting)
        for row in self._rows:
            if row.step != "EndToEnd" or row.identity == self._search.identity:
                continue
            if row.device != self._search.device or "peer" in row.setting:
                continue
            own = row.subject == self._search.subject
            if not own and (step != "data" or settings.reads_activations(setting)):
                continue
            if settings.projection(family, row.setting) != wanted:
                continue
            name = f"alone_{counter}" if row.mode == "overlapped" else counter
            seconds, items = row.get(name), row.get("items")
            if row.mode == "prefetch" or seconds is None or not items:
                continue
            return self._donor(row, seconds if step in _PER_SEARCH else seconds / items)
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
