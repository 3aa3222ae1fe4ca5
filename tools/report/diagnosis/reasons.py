# SPDX-License-Identifier: Apache-2.0
"""Why a step takes the most time, in words, from the rows of that step; and the quoted rows."""

import math
from collections.abc import Callable

from results import arithmetic, domains, settings

from report import wording
from report.diagnosis.donors import Donors
from report.diagnosis.limits import Limit
from report.diagnosis.measurements import Measurement
from report.diagnosis.search import Search
from report.diagnosis.statement import LIMITS

Reason = tuple[str, list[Measurement]]


def of(search: Search, limit: Limit, donors: Donors) -> Reason:
    """A clause, "" where the rows do not show a reason."""
    known: dict[str, Callable[[Search, Limit, Donors], Reason]] = {
        "data": _data,
        "inference": _inference,
        "load_model": _load_model,
    }
    return known[limit.step](search, limit, donors) if limit.step in known else ("", [])


def rate(search: Search, per_second: float) -> str:
    unit = "texts" if search.measurement.domain == "text" else "images"
    return f"{wording.significant(per_second, 2)} {unit}/s"


def _data(search: Search, limit: Limit, donors: Donors) -> Reason:
    if settings.reads_activations(search.setting):
        if limit.seconds <= 0:
            return "", []
        return f"its trunk's cache gives {rate(search, search.items / limit.seconds)}", []
    on = _workers(search)
    inference, rows = _inference_rate(search, donors)
    if limit.row is not None:
        source, loaded = "LoadData", rate(search, 1 / (limit.row.seconds_per_item or 1.0))
        rows = [limit.row, *rows]
    elif search.loader_seconds and limit.limit != "data":
        source, loaded = "this search's loader", rate(search, search.items / search.loader_seconds)
    else:
        return "no LoadData row of this setting separates reading, decoding and the rest", []
    if limit.limit == "data":
        return f"{source}{on} gives {loaded}{inference}", rows
    what = LIMITS[limit.limit]
    if limit.limit == "decoding" and "decoder" in search.setting:
        what += f" with {search.setting['decoder']}"
    takes = f"{what}{on} takes most of loading"
    if limit.part is not None:
        takes = f"{what} takes {wording.percent(limit.part)} of the time{_of_workers(search)}"
    return f"{takes} ({source} {loaded}{inference})", rows


def _workers(search: Search) -> str:
    if search.pipeline(search.setting).decodes_on_device:
        return " on the GPU"
    count = search.setting.get("workers", "")
    return f" on {count} worker{'' if count == '1' else 's'}" if count else ""


def _of_workers(search: Search) -> str:
    count = search.setting.get("workers", "")
    return " of one worker" if count == "1" else f" of {count} workers" if count else ""


def _inference_rate(search: Search, donors: Donors) -> Reason:
    donor = donors.standalone("inference", search.setting)
    if donor:
        return f", inference {rate(search, 1 / donor.seconds)}", [donor.row]
    if search.steps.inference > 0:
        return f", inference {rate(search, search.items / search.steps.inference)}", []
    return "", []


def _inference(search: Search, limit: Limit, donors: Donors) -> Reason:
    row = limit.row
    alone = limit.row.seconds_per_item if limit.row else None
    alone = alone or search.steps.inference / search.items
    said = f"the network alone reaches {rate(search, 1 / alone)}"
    rows = [row] if row else []
    matrix, copy = (row.get(name) if row else None for name in ("achieved_matrix", "achieved_copy"))
    if row and row.get("launch_bound"):
        said += ", and the host cannot keep ahead of the GPU"
    elif row and matrix is not None and copy is not None and row.get("bound_compute"):
        said += f" at {wording.percent(matrix)} of {_arithmetic(row, donors)}"
    elif matrix is not None and copy is not None:
        said += f" at {wording.percent(copy)} of the device's memory bandwidth"
    if row and row.get("near_host_pace"):
        said += ", near the host's pace of submitting it"
    if donor := donors.standalone("data", search.setting):
        said += f"; loading would give {rate(search, 1 / donor.seconds)}"
        rows.append(donor.row)
    return said, rows


def _arithmetic(row: Measurement, donors: Donors) -> str:
    """`51.3 TFLOP/s, this device's rate in fp32 without tensor cores; the best measured here is
    418 TFLOP/s in TF32 on tensor cores`."""

    def words(of: Measurement) -> tuple[str, str]:
        rate = wording.significant((of.get("peak_matrix_flops") or math.nan) / 1e12)
        architecture = domains.architecture(of.context, of.subject)
        precision = of.setting.get("precision", "torch")
        return f"{rate} TFLOP/s", arithmetic.name(architecture, precision, of.device)

    if row.get("peak_matrix_flops") is None:
        return f"this device's rate in {words(row)[1]}"
    known = [other for other in donors.rows()
             if other.device == row.device and other.get("peak_matrix_flops")]  # fmt: skip
    best = max(known, key=lambda other: other.values["peak_matrix_flops"], default=row)
    said = "{}, this device's rate in {}".format(*words(row))
    if best.values["peak_matrix_flops"] > 1.05 * row.values["peak_matrix_flops"]:
        said += "; the best measured here is {} in {}".format(*words(best))
    return said


def _load_model(search: Search, limit: Limit, donors: Donors) -> Reason:
    unit = "texts" if search.measurement.domain == "text" else "images"
    said = f"it is paid once, here for only {search.items:,.0f} {unit}"
    row = limit.row
    if row is None:
        return said, []
    parts = {
        "building the modules": row.get("init_seconds"),
        "reading the checkpoint": row.get("read_seconds"),
        "copying to the device": row.get("copy_seconds"),
    }
    known = {name: seconds for name, seconds in parts.items() if seconds}
    total = sum(known.values())
    if total <= 0:
        return said, []
    largest = max(known, key=lambda name: known[name])
    return f"{said}; {largest} is {wording.percent(known[largest] / total)} of LoadModel", [row]
