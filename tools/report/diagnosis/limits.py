# SPDX-License-Identifier: Apache-2.0
"""Which step limits a search, and which part of that step.

In serial mode the limit is the step with the most seconds, without the extra seconds of a process's
first scoring. With prefetch it is loading where the device waited for it for a tenth of the
extraction, else the step with the most seconds. Overlapped it is the slowest step alone (rows of
older files show only how long a step was busy, which counts queueing). The thread seconds of the
search's own loader separate reading, decoding and preprocessing, else those of LoadData.
"""

from dataclasses import dataclass

from results import settings

from report.diagnosis.donors import Donors
from report.diagnosis.measurements import Measurement
from report.diagnosis.pipeline import PIPELINE
from report.diagnosis.search import WORKED, Search

_WAITED = 0.1


@dataclass(frozen=True)
class Limit:
    """`limit` is a key of LIMITS and belongs to `step`, whose `seconds` and `share` follow; with
    `waiting` they are those of waiting for the step. `part` (0 to 1) is the limit's share of the
    loader's time, `row` the step's own benchmark at the search's setting."""

    step: str
    limit: str
    seconds: float
    share: float
    waiting: bool = False
    part: float | None = None
    row: Measurement | None = None


def of(search: Search, donors: Donors) -> Limit:
    step, seconds, whole, waiting = _step(search)
    donor = donors.standalone(step, search.setting) if step != "other" else None
    row = donor.row if donor else None
    if search.composed:
        row = next((used for used in search.rows if used.step == _family(step)), None)
    limit, part = step, None
    if step == "data":
        limit, part = data_limit(search.setting, _loader(search, row))
    return Limit(step, limit, seconds, seconds / whole, waiting, part, row)


def _loader(search: Search, row: Measurement | None) -> Measurement | None:
    """The row that shows what the loader did: the search itself, or that of LoadData."""
    if search.loader_seconds is None or search.pipeline(search.setting).decodes_on_device:
        return row
    return search.measurement


def seconds_of_steps(search: Search) -> dict[str, float]:
    """Seconds of each step that add up to the whole (of an overlapped search those of each alone);
    `data` of a prefetching search is waiting."""
    steps = vars(search.steps)
    found = {name: steps[name] for name in
             ("load_model", "data", "transfer", "inference", "score", "other")}  # fmt: skip
    if search.mode == "prefetch":
        found["data"] = search.measurement.get("load_data") or 0.0
        shown = found["data"] + found["transfer"] + found["inference"]
        found["other"] = max(0.0, search.settled - search.steps.load_model - shown - found["score"])
    return found


def _step(search: Search) -> tuple[str, float, float, bool]:
    seconds = seconds_of_steps(search)
    step = max(seconds, key=lambda name: seconds[name])
    if search.mode == "prefetch":
        decodes = search.pipeline(search.setting).decodes_on_device
        if not decodes and seconds["data"] > _WAITED * search.extract and step == "inference":
            step = "data"
        return step, seconds[step], search.total, step == "data" and not decodes
    if search.mode == "overlapped" and step in PIPELINE:
        return step, seconds[step], search.extract, False
    return step, seconds[step], search.total, False


def data_limit(setting: settings.Setting, row: Measurement | None) -> tuple[str, float | None]:
    """The part of preparing data that takes most, and its share of the workers' (or decoder's)
    time; `data` where no row shows it."""
    if settings.reads_activations(setting):
        return "activations", None
    if settings.prepared(setting):
        return "tensors", None
    if row is None:
        return "data", None
    decoding, files = row.get("decode_device_seconds"), row.get("wait_for_files_seconds")
    if decoding is not None:
        # Workers that decode next to the GPU let it wait for their decoding, not for the storage.
        waits = (files or 0.0) > decoding and not row.get("decode_thread_seconds")
        return ("storage" if waits else "decoding"), None
    seconds = {limit: row.get(counter) or 0.0 for counter, limit in WORKED.items()}
    total = sum(seconds.values())
    if total <= 0:
        return "data", None
    largest = max(seconds, key=lambda name: seconds[name])
    return largest, seconds[largest] / total


def _family(step: str) -> str:
    names = {"load_model": "LoadModel", "data": "LoadData", "transfer": "DataToDevice"}
    return names.get(step, step.capitalize())
