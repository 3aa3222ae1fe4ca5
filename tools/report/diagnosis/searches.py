# SPDX-License-Identifier: Apache-2.0
"""The searches of some results, and which one stands for each candidate and device.

Of several EndToEnd rows the nearest to a run without flags counts, so that the what-ifs cover the
rest: items from files before prepared ones; serial mode before prefetch and overlapped, since
only its shares are exact; the fewest settings off their defaults, with libjpeg-turbo before stb
before a GPU's decoder; the default batch size (128 on a GPU, 8 on a CPU); then the fastest.
"""

import statistics

from results import schema, settings

from report.diagnosis.measurements import Measurement
from report.diagnosis.search import Search, from_row

_MODES = schema.AXES["mode"].values
_DECODERS = schema.AXES["decoder"].values  # In this order of preference.


def of(row: Measurement, rows: list[Measurement]) -> Search | None:
    return from_row(row, usual_score(row, rows))


def usual_score(row: Measurement, rows: list[Measurement]) -> float | None:
    """Seconds of scoring in a process that has scored before: of a Score row of this candidate
    over as many items, else the median of the file's other searches of it."""
    same = [other for other in rows if other.source == row.source
            and (other.subject, other.device) == (row.subject, row.device)
            and settings.projection("Score", other.setting)
            == settings.projection("Score", row.setting)]  # fmt: skip
    for other in same:
        if other.step == "Score" and settings.plain("Score", other.setting):
            return other.get("seconds")
    scores = [score for other in same if other.step == "EndToEnd" and other is not row
              and (score := other.get("score")) is not None]  # fmt: skip
    return statistics.median(scores) if scores else None


def best(rows: list[Measurement], all_rows: list[Measurement]) -> Search | None:
    """The search that stands for some EndToEnd rows; rows without the seconds of their steps are
    left out."""
    found = [search for row in rows if (search := of(row, all_rows))]
    return min(found, key=_order, default=None)


def _order(search: Search) -> tuple:
    row, setting = search.measurement, search.setting
    decoder = setting.get("decoder", _DECODERS[0])
    default_batch = 8 if row.device == "cpu" else 128
    return (
        settings.prepared(setting),
        _MODES.index(row.mode) if row.mode in _MODES else len(_MODES),
        len(settings.off_default(setting)),
        _DECODERS.index(decoder) if decoder in _DECODERS else len(_DECODERS),
        row.batch != default_batch,
        search.settled / search.items,
    )


def fastest(search: Search, rows: list[Measurement]) -> tuple[Measurement | None, int]:
    """The fastest measured search of the same candidate, configuration and device, and of how
    many."""
    own = search.measurement
    found = [
        row
        for row in rows
        if (row.step, row.subject, row.device) == ("EndToEnd", own.subject, own.device)
        and row.setting["configuration"] == search.setting["configuration"]
        and "peer" not in row.setting and row.get("items") == search.items
        and settings.same_score(row.setting, search.setting) and row.get("end_to_end")
    ]  # fmt: skip
    return min(found, key=lambda row: row.values["end_to_end"], default=None), len(found)
