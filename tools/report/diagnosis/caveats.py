# SPDX-License-Identifier: Apache-2.0
"""What a reader should know before acting on a what-if."""

from results import schema, settings
from results.settings import Setting

from report import wording
from report.diagnosis.measurements import Measurement, differences
from report.diagnosis.prediction import Prediction
from report.diagnosis.search import Search

_CHANGES_FEATURES = frozenset(schema.affecting("features"))


def of(
    search: Search,
    target: Setting,
    axis: frozenset[str],
    found: Prediction | None,
    measured: Measurement | None,
    rows: list[Measurement],
) -> list[str]:
    """In the order of their weight."""
    said = ["measured, not predicted"] if found is None else []
    used = [*(found.rows if found else []), *([measured] if measured else [])]
    texts = [_of_axis(key, search, target, used, rows) for key in sorted(axis)]
    said += dict.fromkeys(text for text in texts if text)
    if (distance := features_move(target, axis, used)) > 0:
        said.append(f"features move by up to {wording.percent(distance)}")
    others = dict.fromkeys(text for row in used for text in differences(search.measurement, row))
    if others:
        said.append(f"rows were measured {wording.listed(list(others))}")
    if found and found.kept:
        said.append(f"{wording.listed(found.kept)} taken as unchanged")
    if found and _shares_cores(search, target):
        said.append("on a CPU loading and the network share the cores")
    return said


def features_move(target: Setting, axis: frozenset[str], used: list[Measurement]) -> float:
    """The largest distance of features from the reference among rows with a change that may move
    them; 0 where it is not known."""
    keys = axis & _CHANGES_FEATURES
    distances = [
        row.get("feature_distance") or 0.0
        for row in used
        if row.step in ("Inference", "EndToEnd")
        and keys and all(row.setting.get(key) == target.get(key) for key in keys)
    ]  # fmt: skip
    return max(distances, default=0.0)


def _of_axis(
    key: str, search: Search, target: Setting, used: list[Measurement], rows: list[Measurement]
) -> str:
    if key == "workers":
        cores = str(search.measurement.context.get("cores_allowed") or "")
        over = cores.isdigit() and int(target["workers"]) > int(cores)
        return f"more workers than the {cores} cores" if over else ""
    if key == "data":
        return "making the cached items is left out"
    if key == "page_cache":
        return "holds where the files fit into memory and were read before"
    if key == "configuration" and settings.reads_activations(target):
        return _of_tail(search, target, rows)
    return ""


def _of_tail(search: Search, target: Setting, rows: list[Measurement]) -> str:
    """What the trunk cost, which the tail's search leaves out."""
    own = search.measurement
    for row in rows:
        if (row.step, row.subject, row.device, row.source) == (
            "EndToEnd", own.subject, own.device, own.source
        ) and all(row.setting.get(key) == target.get(key)
                  for key in ("configuration", "cache", "mode")):  # fmt: skip
            build, after = row.get("build_cache"), row.get("cache_pays_after")
            if build is not None:
                pays = f", which pays after {wording.searches(after)}" if after is not None else ""
                return f"the trunk's cache takes {wording.brief(build)} to build{pays}"
    return "the trunk's cache has to be built first"


def _shares_cores(search: Search, target: Setting) -> bool:
    return search.measurement.device == "cpu" and target.get("mode") not in (None, "serial")
