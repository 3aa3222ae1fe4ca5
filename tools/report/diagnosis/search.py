# SPDX-License-Identifier: Apache-2.0
"""A search as it was measured: an EndToEnd row, or one composed of steps that were measured
separately."""

import math
from dataclasses import dataclass

from results import settings
from results.settings import Setting

from report.diagnosis.measurements import Measurement
from report.diagnosis.pipeline import Pipeline, Steps

_EXCLUSIVE = ("load_data", "data_to_device", "inference")
# Counters of what a loader's threads did per batch, and the limit that each one means.
WORKED = {
    "storage_thread_seconds": "storage",
    "decode_thread_seconds": "decoding",
    "tokenize_thread_seconds": "tokenizing",
    "preprocess_thread_seconds": "preprocessing",
}
_UNUSUAL = 2.0  # A score this many times as long as usual is a process's first.


@dataclass(frozen=True)
class Search:
    """`total`, `extract`: measured seconds; `excess`: those of a process's first scoring, which no
    later candidate pays. `steps` are exclusive seconds in serial mode, else what is known of the
    steps alone, without the excess (`data` is NaN where the row does not show it). `rows` are
    those of which a search was composed."""

    measurement: Measurement
    setting: Setting
    items: float
    total: float
    extract: float
    excess: float
    steps: Steps
    rows: tuple[Measurement, ...] = ()

    @property
    def composed(self) -> bool:
        return bool(self.rows)

    @property
    def standard_error(self) -> float:
        """Of the logarithm of its seconds; of a composed search that of its least certain row."""
        return max(row.standard_error for row in self.rows or (self.measurement,))

    @property
    def settled(self) -> float:
        """Seconds of the search as a later candidate of its process."""
        return self.total - self.excess

    @property
    def mode(self) -> str:
        return self.setting.get("mode", "serial")

    @property
    def loader_seconds(self) -> float | None:
        """Seconds in which the loader's workers worked, as their mean; None where the row does not
        show it (rows of older files, activations in memory)."""
        worked = sum(self.measurement.get(counter) or 0.0 for counter in WORKED)
        workers = _count(self.setting.get("workers"))
        if not worked or not workers:
            return None
        return worked * (self.measurement.get("batches") or 0.0) / workers

    def pipeline(self, setting: Setting) -> Pipeline:
        """How the steps follow each other under another setting on this machine."""
        on_cpu = self.measurement.device == "cpu"
        context = self.measurement.context
        cores = _count(context.get("cores_allowed") or context.get("num_cpus")) if on_cpu else 0
        decodes = (
            setting.get("decoder") in self.measurement.gpu_decoders
            and setting["data"] == "jpeg"
            and not settings.reads_activations(setting)
        )
        workers, threads = (_count(setting.get(key)) or 1 for key in ("workers", "threads"))
        mode = setting.get("mode", "serial")
        engine = setting.get("decoder") in self.measurement.engine_decoders
        return Pipeline(mode, decodes, workers, threads, cores, decodes and engine)


def _count(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isdigit() else 0


def from_row(row: Measurement, usual_score: float | None = None) -> Search | None:
    """A search of an EndToEnd row; None where the row lacks the seconds of its steps.
    `usual_score` (seconds) is what scoring takes in a process that has scored before."""
    total, items = row.get("end_to_end"), row.get("items")
    if total is None:
        total = row.get("seconds")
    if items is None and total and (rate := row.get("items_per_second")):
        items = float(round(rate * total))
    if not total or not items or total <= 0 or items <= 0:
        return None
    batches = round(row.get("batches") or math.ceil(items / max(1, row.batch)))
    overlapped = row.mode == "overlapped"
    prefix = "alone_" if row.get("alone_inference") is not None else "busy_"
    names = [f"{prefix}{name}" if overlapped else name for name in _EXCLUSIVE]
    needed = ("load_model", "score", names[0], names[2])
    if any(row.get(name) is None for name in needed):
        return None
    load, copy, inference = (row.get(name) or 0.0 for name in names)
    extract = row.get("extract_seconds") or load + copy + inference
    if row.mode == "prefetch":  # The row has the time of waiting, not that of loading.
        load = math.nan
    score, load_model = row.get("score") or 0.0, row.get("load_model") or 0.0
    excess = 0.0
    if usual_score is not None and score > _UNUSUAL * usual_score and score > 0.02 * total:
        excess = score - usual_score
    other = max(0.0, total - load_model - score - extract)
    if row.mode == "serial":
        other = max(0.0, total - load_model - score - load - copy - inference)
    steps = Steps(load_model, load, copy, inference, score - excess, other, max(1, batches))
    return Search(row, row.setting, items, total, extract, excess, steps)
