# SPDX-License-Identifier: Apache-2.0
"""Result files as one pandas table with a row per benchmark, and the context of each file.

Columns that follow from several rows (`caches`, `gains`) are computed here, after the reading.
"""

import json
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from whole_text import read_text

from results import (
    benchmark_name,
    caches,
    domains,
    gains,
    reader,
    row_order,
    schema,
    traces,
    uncertainty,
    versions,
)
from results.reader import ResultError

_IDENTITY = [
    "source", "name", "step", "subject", "domain", "configuration", "device", "keys", "mode",
    "batch", "label", "same_cut_as", "error", "seconds", "samples", "machine_seconds",
    "trace",
]  # fmt: skip


@dataclass(frozen=True)
class Results:
    """`rows` has one row per benchmark; failed ones have an `error`, and `samples` contains the
    seconds of each batch where the samples lie next to the results. `trace` is the file with the
    trace of a search, where there is one. `contexts` has the context of each source as written.
    `data_dir` is the photographs' folder for commands, where the caller knows it."""

    rows: pd.DataFrame
    contexts: dict[str, dict[str, Any]]
    ignored: tuple[str, ...] = ()
    pattern: str = ""  # Of the filter that left rows out.
    data_dir: str = ""

    @property
    def measured(self) -> pd.DataFrame:
        return self.rows[self.rows["error"].isna()]

    @property
    def failed(self) -> pd.DataFrame:
        return self.rows[self.rows["error"].notna()]

    @property
    def of_candidates(self) -> pd.DataFrame:
        """The rows whose subject is a candidate: neither a kind of input nor a zoo."""
        return self.rows[has_candidate(self.rows)]

    @property
    def domains(self) -> list[str]:
        """`images`, `text` or both."""
        return [domain for domain in domains.TITLES if domain in set(self.rows["domain"])]

    def of_domain(self, domain: str) -> "Results":
        rows = self.rows[self.rows["domain"] == domain].reset_index(drop=True)
        return replace(self, rows=rows)

    def matching(self, pattern: str) -> "Results":
        """The rows in whose name the regular expression is found; with `-` before it the other
        rows, as with --benchmark_filter. Raises ResultError where no row is left."""
        others = pattern.startswith("-")
        try:
            wanted = re.compile(pattern.removeprefix("-"))
        except re.error as error:
            raise ResultError(f"--filter={pattern}: {error}") from None
        found = self.rows["name"].map(lambda name: (wanted.search(name) is None) == others)
        rows = self.rows[found.astype(bool)].reset_index(drop=True)
        if rows.empty:
            raise ResultError(f"--filter={pattern}: no row of {len(self.rows)} is left")
        contexts = {
            name: self.contexts[name] for name in self.contexts if name in set(rows["source"])
        }
        return replace(self, rows=rows, contexts=contexts, pattern=pattern)

    def row_versions(self) -> list[versions.Row]:
        """Of each measured row."""
        return [
            (row["step"], versions.in_table(row, self.contexts[row["source"]]), row["source"])
            for row in self.measured.to_dict("records")
        ]

    def of_step(self, step: str) -> pd.DataFrame:
        return self.measured[self.measured["step"] == step]


def has_candidate(rows: pd.DataFrame) -> pd.Series:
    """Whether the subject of each row is a candidate; of a step that the schema does not know it is
    one unless it is a kind of input."""
    others = [step.name for step in schema.STEPS.values() if not step.per_network]
    return ~(rows["subject"].isin(list(domains.TITLES)) | rows["step"].isin(others))


def read(paths: list[Path], pattern: str = "", traced: Path | None = None) -> Results:
    """Read files and put their rows in the order of the search; with a pattern only the rows of
    `Results.matching`. Traces are those of the folder `traced`, else those next to each file.
    Raises ResultError, also where rows of a step have several versions."""
    records: list[dict[str, Any]] = []
    contexts: dict[str, dict[str, Any]] = {}
    ignored: list[str] = []
    for path in paths:
        document = reader.read(path)
        if not document.rows:
            raise ResultError(f"{path}: holds no results ('benchmarks' is empty)")
        source = _unique(path.stem, contexts)
        contexts[source] = document.context
        before = len(records)
        samples = _samples(path.with_name(f"{path.name.removesuffix('.json')}.samples.jsonl"))
        for row in document.rows:
            if row.aggregate is not None:
                continue
            record = _record(row, source, document.context)
            if record is None:
                ignored.append(row.name or "?")
            else:
                name = record["name"]
                trace = traces.find(name, path, traced) if record["step"] == "Search" else None
                records.append(record | {"samples": samples.get(name), "trace": trace})
        if len(records) == before:
            raise ResultError(f"{path}: no rows of model_search_bench in it")
    rows = row_order.ordered(_one_row_per_name(records))
    results = Results(gains.added(caches.added(rows)), contexts, tuple(dict.fromkeys(ignored)))
    results = results.matching(pattern) if pattern else results
    versions.require_one(results.row_versions())
    return results


def _samples(path: Path) -> dict[str, tuple[float, ...]]:
    """The seconds of each row's batches by its name; of several repetitions the last one counts.
    Lines that cannot be read are left out, since results are complete without samples."""
    found = {}
    try:
        lines = read_text(path).splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    for line in lines:
        try:
            row = json.loads(line)
            seconds = tuple(float(value) for value in row["measured"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(row.get("name"), str) and all(0 < value < math.inf for value in seconds):
            found[row["name"]] = seconds
    return found


def _unique(stem: str, taken: dict[str, Any]) -> str:
    source, number = stem, 2
    while source in taken:
        source, number = f"{stem}-{number}", number + 1
    return source


def _record(row: reader.Row, source: str, context: dict[str, Any]) -> dict[str, Any] | None:
    parsed = benchmark_name.parse(row.run_name)
    if parsed is None:
        return None
    same_cut = re.search(r"\bsame_cut_as=([\w]+)", row.label)
    counters = row.numbers | dict.fromkeys(row.not_finite, math.nan)
    return {key: value for key, value in counters.items() if key not in _IDENTITY} | {
        "source": source,
        "name": row.run_name,
        "step": parsed.step,
        "subject": parsed.subject,
        "domain": domains.of(context, parsed.subject, row.label),
        "configuration": parsed.configuration,
        "device": parsed.device,
        "keys": parsed.keys,
        "mode": parsed.key("mode"),
        "batch": parsed.batch,
        "label": row.label,
        "same_cut_as": same_cut[1] if same_cut else None,
        "error": row.error,
        "machine_seconds": row.machine_seconds,
        "seconds": math.nan if row.error or not math.isfinite(row.seconds) else row.seconds,
    }


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
            row["ci95_repetitions_rel"] = uncertainty.of_repetitions(list(same["seconds"]))
        rows.append(row)
    result = pd.DataFrame(rows).reset_index(drop=True)
    if "ci95_repetitions_rel" in result and "ci95_repetitions_rel" not in numbers:
        counters, numbers = ([*names, "ci95_repetitions_rel"] for names in (counters, numbers))
    result[numbers] = result[numbers].astype(float)
    result["batch"] = result["batch"].astype("Int64")
    # Missing text is None and never NaN, so that callers need not know how pandas stores it.
    for column in ("configuration", "mode", "same_cut_as", "error", "samples", "trace"):
        values = result[column].astype(object)
        result[column] = values.where(values.notna(), None)
    # pandas keeps columns that were set one by one in blocks of their own; a copy joins them.
    return result[[*_IDENTITY, *counters]].copy()
