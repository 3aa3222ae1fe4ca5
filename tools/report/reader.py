# SPDX-License-Identifier: Apache-2.0
"""Result files -> one pandas table with a row per benchmark, and the context of each file."""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from report import benchmark_name, domains, steps

_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
# What Google Benchmark itself writes into a row; every other number is a counter of ours.
_NOT_COUNTERS = {
    "name", "run_name", "run_type", "family_index", "per_family_instance_index", "repetitions",
    "repetition_index", "threads", "iterations", "real_time", "cpu_time", "time_unit", "label",
    "error_occurred", "error_message", "skipped", "skip_message", "aggregate_name",
    "aggregate_unit",
}  # fmt: skip
_IDENTITY = [
    "source", "name", "step", "subject", "domain", "configuration", "device", "keys", "mode",
    "batch", "label", "same_cut_as", "error", "seconds", "samples",
]  # fmt: skip


class UnreadableResults(Exception):
    """A file that is not a result file; the message is one line and names the file."""


@dataclass(frozen=True)
class Results:
    """`rows`: one per benchmark, failed ones have `error`; `samples` holds the seconds of each
    batch where they lie beside the results; `contexts`: per source, as written."""

    rows: pd.DataFrame
    contexts: dict[str, dict[str, Any]]
    ignored: tuple[str, ...] = ()
    pattern: str = ""  # Of the filter that left rows out.

    @property
    def measured(self) -> pd.DataFrame:
        return self.rows[self.rows["error"].isna()]

    @property
    def failed(self) -> pd.DataFrame:
        return self.rows[self.rows["error"].notna()]

    @property
    def domains(self) -> list[str]:
        """`images`, `text` or both."""
        return [domain for domain in domains.TITLES if domain in set(self.rows["domain"])]

    def of_domain(self, domain: str) -> "Results":
        rows = self.rows[self.rows["domain"] == domain].reset_index(drop=True)
        return Results(rows, self.contexts)

    def matching(self, pattern: str) -> "Results":
        """The rows whose name a regular expression is found in, or with `-` before it those others,
        as of --benchmark_filter; raises UnreadableResults where none are left."""
        others = pattern.startswith("-")
        try:
            wanted = re.compile(pattern.removeprefix("-"))
        except re.error as error:
            raise UnreadableResults(f"--filter={pattern}: {error}") from None
        found = self.rows["name"].map(lambda name: (wanted.search(name) is None) == others)
        rows = self.rows[found.astype(bool)].reset_index(drop=True)
        if rows.empty:
            raise UnreadableResults(f"--filter={pattern}: no row of {len(self.rows)} is left")
        contexts = {
            name: self.contexts[name] for name in self.contexts if name in set(rows["source"])
        }
        return Results(rows, contexts, self.ignored, pattern)

    def of_step(self, step: str) -> pd.DataFrame:
        return self.measured[self.measured["step"] == step]


def read(paths: list[Path]) -> Results:
    """Read files, put their rows in the order of the search; raises UnreadableResults."""
    records: list[dict[str, Any]] = []
    contexts: dict[str, dict[str, Any]] = {}
    ignored: list[str] = []
    for path in paths:
        document = _document(path)
        source = _unique(path.stem, contexts)
        contexts[source] = document.get("context") or {}
        before = len(records)
        samples = _samples(path.with_suffix(".samples.jsonl"))
        for row in document["benchmarks"]:
            if not isinstance(row, dict) or row.get("run_type") == "aggregate":
                continue
            record = _record(row, source, contexts[source])
            if record is None:
                ignored.append(str(row.get("name", "?")))
            else:
                records.append(record | {"samples": samples.get(record["name"])})
        if len(records) == before:
            raise UnreadableResults(f"{path}: no rows of model_search_bench in it")
    return Results(_ordered(_one_row_per_name(records)), contexts, tuple(dict.fromkeys(ignored)))


def _document(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnreadableResults(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise UnreadableResults(f"{path}: not JSON (not UTF-8 text)") from None
    except OSError as error:
        raise UnreadableResults(f"{path}: {error.strerror}") from None
    if not text.strip():
        raise UnreadableResults(f"{path}: the file is empty; did the run end?")
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        if text.lstrip().startswith("{") and not text.rstrip().endswith("}"):
            message = "truncated JSON; Google Benchmark completes the file when the run ends"
        else:
            message = f"not JSON ({error})"
        raise UnreadableResults(f"{path}: {message}") from None
    if not isinstance(document, dict) or not isinstance(document.get("benchmarks"), list):
        raise UnreadableResults(f"{path}: no 'benchmarks' list; is it Google Benchmark JSON?")
    if not document["benchmarks"]:
        raise UnreadableResults(f"{path}: holds no results ('benchmarks' is empty)")
    if not isinstance(document.get("context", {}), dict):
        raise UnreadableResults(f"{path}: 'context' is not an object")
    return document


def _samples(path: Path) -> dict[str, tuple[float, ...]]:
    """The seconds of each row's batches by its name, of repetitions the last one's; what cannot be
    read is left out, as results are complete without."""
    found = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    for line in lines:
        try:
            row = json.loads(line)
            seconds = tuple(_number(value) for value in row["measured"])
        except (ValueError, KeyError, TypeError):
            continue
        if isinstance(row.get("name"), str) and all(value > 0 for value in seconds):
            found[row["name"]] = seconds
    return found


def _unique(stem: str, taken: dict[str, Any]) -> str:
    source, number = stem, 2
    while source in taken:
        source, number = f"{stem}-{number}", number + 1
    return source


def _record(row: dict[str, Any], source: str, context: dict[str, Any]) -> dict[str, Any] | None:
    name = str(row.get("run_name") or row.get("name") or "")
    parsed = benchmark_name.parse(name)
    if parsed is None:
        return None
    label = str(row.get("label") or "")
    same_cut = re.search(r"\bsame_cut_as=([\w]+)", label)
    counters = {
        key: _number(value)
        for key, value in row.items()
        if key not in _NOT_COUNTERS and key not in _IDENTITY and _is_number(value)
    }
    error = _error(row)
    seconds = _number(row.get("real_time")) * _SECONDS.get(str(row.get("time_unit", "ns")), 1e-9)
    return counters | {
        "source": source,
        "name": name,
        "step": parsed.step,
        "subject": parsed.subject,
        "domain": domains.of(context, parsed.subject),
        "configuration": parsed.configuration,
        "device": parsed.device,
        "keys": parsed.keys,
        "mode": parsed.key("mode"),
        "batch": parsed.batch,
        "label": label,
        "same_cut_as": same_cut[1] if same_cut else None,
        "error": error,
        "seconds": math.nan if error else seconds,
    }


def _error(row: dict[str, Any]) -> str | None:
    if not (row.get("error_occurred") or row.get("skipped")):
        return None
    return str(row.get("error_message") or row.get("skip_message") or "no message was given")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> float:
    """A finite float; a non-finite or missing number is NaN, which every reader here skips."""
    try:
        number = float(value) if _is_number(value) else math.nan
    except OverflowError:  # An integer beyond all floats.
        return math.nan
    return number if math.isfinite(number) else math.nan


def _one_row_per_name(records: list[dict[str, Any]]) -> pd.DataFrame:
    """Take the median over repetitions; a name that failed once has failed."""
    table = pd.DataFrame(records)
    counters = [column for column in table.columns if column not in _IDENTITY]
    numbers = [*counters, "seconds"]
    rows = []
    for _, same in table.groupby(["source", "name"], sort=False):
        failed = same[same["error"].notna()]
        row = (failed if len(failed) else same).iloc[0].copy()
        if len(same) > 1 and not len(failed):
            row[numbers] = same[numbers].astype(float).median()
        rows.append(row)
    result = pd.DataFrame(rows).reset_index(drop=True)
    result[numbers] = result[numbers].astype(float)
    result["batch"] = result["batch"].astype("Int64")
    # Missing text is None and never NaN, so that a reader need not know how pandas stores it.
    for column in ("configuration", "mode", "same_cut_as", "error", "samples"):
        values = result[column].astype(object)
        result[column] = values.where(values.notna(), None)
    return result[[*_IDENTITY, *counters]]


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Order by step, device, work of the network (MACs), work of the configuration, settings."""
    macs = rows["macs"] if "macs" in rows else pd.Series(math.nan, index=rows.index)
    # Writing activations is the trunk's work, which is most where the configuration's is least.
    macs = macs.where(rows["step"] != "WriteActivations")
    known = rows.assign(macs=macs).groupby(["subject", "configuration"], dropna=False)["macs"].max()
    network = known.groupby("subject").max()
    families = {family: index for index, family in enumerate(steps.FAMILIES)}

    def position(row: pd.Series) -> tuple:
        subject_macs = network.get(row["subject"], math.nan)
        work = known.get((row["subject"], row["configuration"]), math.nan)
        return (
            families.get(row["step"], len(families)),
            row["step"],
            row["source"],
            row["device"],
            math.inf if math.isnan(subject_macs) else subject_macs,
            natural(row["subject"]),
            str(row["configuration"]).startswith("joint_"),  # Several networks' work: after all.
            configuration_order(row["configuration"]) if math.isnan(work) else (0, -work, ""),
            row["mode"] != "serial",
            len(row["keys"]),
            tuple((key, natural(value)) for key, value in row["keys"]),
            row["batch"] if not pd.isna(row["batch"]) else 0,
        )

    order = sorted(rows.index, key=lambda index: position(rows.loc[index]))
    # A copy joins what was set column by column: Blocks have hundreds of counters.
    return rows.loc[order].reset_index(drop=True).copy()


def natural(text: str) -> tuple:
    """Sort key that puts resnet18 before resnet101."""
    parts = re.split(r"(\d+)", text)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def configuration_order(configuration: str | None) -> tuple:
    """From most to least work where MACs are unknown: full, percentages, then block counts."""
    match = re.fullmatch(r"(joint_)?last_(\d+)(pct)?", configuration or "")
    if match is None:
        return (0 if configuration == "full" else 3, 0.0, configuration or "")
    return (1 if match[3] else 2, -float(match[2]), configuration or "")
