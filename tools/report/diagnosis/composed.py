# SPDX-License-Identifier: Apache-2.0
"""Searches composed of steps that were measured separately, for candidates without an EndToEnd row:
the steps one after the other, over the items of the data set. They must come from one machine
and one data set; a step that was not measured is left out, but data and inference are needed."""

import math

from results import schema, settings

from report.diagnosis.donors import Donors
from report.diagnosis.measurements import Measurement, same_data
from report.diagnosis.pipeline import Steps
from report.diagnosis.search import Search

_ITEMS = {"images": "data_images", "text": "text_texts"}


def compose(inference: list[Measurement], rows: list[Measurement]) -> tuple[Search | None, str]:
    """A search from a candidate's Inference rows on one device, the default setting first; else
    None and the reason."""
    order = sorted(inference, key=_order)
    reason = "no EndToEnd row was measured, and no Inference row of the full network"
    for row in order:
        donors = Donors([r for r in rows if r.step != "EndToEnd"], row)
        loading = [r for r in donors.rows() if r.step == "LoadData" and _fits(r, row)]
        if not loading:
            reason = _why_no_data(row, donors)
            continue
        items = _items(row)
        if not items:
            reason = "no EndToEnd row was measured, and the context lacks the number of items"
            continue
        return _of(row, _usual(loading), donors, items), ""
    return None, reason


def _order(row: Measurement) -> tuple:
    default = 8 if row.device == "cpu" else 128
    return len(settings.off_default(row.setting)), row.batch != default, -row.batch


def _fits(loading: Measurement, row: Measurement) -> bool:
    """Whether a LoadData row has the data, and the batch size that the network takes."""
    same = all(
        loading.setting.get(key) == row.setting.get(key)
        for key in ("batch", "max_length", "padding", "data")
    )
    on_device = loading.device in ("cpu", row.device)
    plain = settings.plain("LoadData", loading.setting)
    return same and on_device and plain and same_data(loading, row)


def _usual(loading: list[Measurement]) -> Measurement:
    """The default setting with the most workers."""
    decoders = schema.AXES["decoder"].values

    def order(row: Measurement) -> tuple:
        decoder = row.setting.get("decoder", decoders[0])
        place = decoders.index(decoder) if decoder in decoders else len(decoders)
        return len(settings.off_default(row.setting)), place, -int(row.setting.get("workers", "1"))

    return min(loading, key=order)


def _why_no_data(row: Measurement, donors: Donors) -> str:
    if any(other.step == "LoadData" for other in donors.rows()):
        return (
            "no EndToEnd row was measured, and LoadData was measured over other data or batch sizes"
        )
    return (
        "no EndToEnd row was measured, and no LoadData row of this machine shows what loading takes"
    )


def _items(row: Measurement) -> float:
    """The number of items of the data set, or that of `--items`."""
    for key in ("option_items", _ITEMS[row.domain]):
        text = str(row.context.get(key) or "")
        if text.isdigit() and int(text) > 0:
            return float(text)
    return 0.0


def _of(row: Measurement, loading: Measurement, donors: Donors, items: float) -> Search:
    setting = dict(loading.setting) | row.setting | {"mode": "serial"}
    for key in ("decoder", "input", "storage", "page_cache", "workers", "transfer"):
        if key in loading.setting:
            setting[key] = loading.setting[key]
    found: dict[str, float] = {}
    used = [row, loading]
    for step in ("load_model", "transfer", "score"):
        copies = row.device != "cpu" and loading.device == "cpu"
        donor = donors.standalone(step, setting) if step != "transfer" or copies else None
        if donor:
            used.append(donor.row)
        count = items if step == "transfer" else 1.0
        found[step] = count * donor.seconds if donor else 0.0
    steps = Steps(
        data=items * (loading.seconds_per_item or 0.0),
        inference=items * (row.seconds_per_item or 0.0),
        other=0.0,
        batches=max(1, math.ceil(items / max(1, row.batch))),
        **found,
    )
    extract = steps.data + steps.transfer + steps.inference
    return Search(row, setting, items, extract + steps.fixed, extract, 0.0, steps, tuple(used))
