# SPDX-License-Identifier: Apache-2.0
"""Tables of the report; each function returns Markdown, or "" where there is nothing to show."""

import math
import re
from typing import Any

import pandas as pd
from results import configurations, gains, zoo_searches
from results.markdown import cell, code, table
from results.table import Results, has_candidate

from report import shares, steps, weights, wording
from report.steps import STEPS

# Context keys in the order of the heading, with their titles; others are listed in full below.
MACHINE = {
    "host_name": "Machine",
    "date": "Date",
    "cpu_model": "CPU",
    "cores_allowed": "Cores allowed",
    "gpu_name": "GPU",
    "driver_version": "GPU driver",
    "data_identity": "Data",
    "data_images": "Images",
    "data_labels": "Labels",
    "data_left_out": "Files left out",
    "data_damaged": "Damaged files",
    "text_identity": "Text data",
    "text_texts": "Texts",
    "text_labels": "Labels of texts",
    "text_left_out": "Texts' files left out",
    "text_damaged": "Damaged texts",
    "weights": "Weights",
    "precision": "Precision",
    "libtorch_version": "LibTorch",
    "cuda_version": "CUDA",
    "cuda_runtime_version": "CUDA runtime",
    "cudnn_version": "cuDNN",
    "google_benchmark_version": "Google Benchmark",
    "git_revision": "Revision",
    "seed": "Seed",
}


_BRIEF = 300  # characters


def heading(results: Results) -> str:
    """Machine, data, versions and weights: a column per file."""
    rows = []
    for key, title in MACHINE.items():
        if key == "weights":
            values = [_weights(results, source) for source in results.contexts]
        else:
            values = [_brief(context.get(key)) for context in results.contexts.values()]
        rows.append([title, *(cell(value) for value in values)])
    rows = [row for row in rows if any(row[1:])]
    sources = [cell(source) for source in results.contexts]
    headers = ["", *sources] if len(sources) > 1 else ["", "Value"]
    return table(headers, rows, ()) if rows else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _brief(value: Any) -> str:
    """The tables of the whole context have the rest, such as the names of all damaged files."""
    text = _text(value)
    return text if len(text) <= _BRIEF else f"{text[:_BRIEF]}…"


def _weights(results: Results, source: str) -> str:
    """One text for all candidates of a file where they agree, else each with its own."""
    rows = results.of_candidates
    context = results.contexts[source]
    subjects = dict.fromkeys(rows[rows["source"] == source]["subject"])
    texts = {subject: weights.identity(context, subject) for subject in subjects}
    if len(set(texts.values())) <= 1:
        return next(iter(texts.values()), _text(context.get("weights")))
    return ", ".join(f"{wording.network(s)}: {text}" for s, text in texts.items())


def context(results: Results) -> list[tuple[str, str]]:
    """Everything each file's context says: pairs of a source and its table."""
    tables = []
    for source, entries in results.contexts.items():
        rows = [[code(key), cell(_text(value))] for key, value in sorted(entries.items())]
        if rows:
            tables.append((source, table(["Key", "Value"], rows, ())))
    return tables


def end_to_end(rows: pd.DataFrame, results: Results) -> str:
    """Seconds and share of each step; for tails also the cost of their cache."""
    if rows.empty:
        return ""
    apart, _ = wording.settings_by_device(rows)
    numbers = [step.title for step in STEPS]
    numbers += ["End to end", "Extract", "Build cache", "Cache pays after", "Items/s"]
    headers = ["Network", "Configuration", "Device", "Settings", *numbers]
    lines = []
    for (_, row), settings in zip(rows.iterrows(), apart, strict=True):
        by_counter = shares.shares(row)
        largest, _ = shares.largest(row)
        cells = [*_who(row, results), cell(", ".join(settings))]
        for step in STEPS:
            share = wording.percent(by_counter[step.counter])
            text = f"{wording.seconds(row[step.counter])} ({share})" if row[step.counter] else "-"
            cells.append(f"**{text}**" if step is largest else text)
        pays_after = row.get("cache_pays_after", math.nan)
        cells += [
            wording.seconds(row["end_to_end"]),
            wording.seconds(row.get("extract_seconds", math.nan)),
            "-" if configurations.is_joint(row["configuration"]) else _build_cache(row),
            wording.searches(pays_after) if math.isfinite(pays_after) else "-",
            wording.significant(row.get("items_per_second", math.nan)),
        ]
        lines.append(cells)
    return table(headers, lines, numbers)


def _build_cache(row: pd.Series) -> str:
    return wording.seconds(row.get("build_cache", math.nan))


def _who(row: pd.Series, results: Results) -> list[str]:
    return [
        cell(wording.candidate(row, results.contexts)),
        cell(wording.configuration(row)),
        cell(row["device"]),
    ]


def throughput(step: str, results: Results) -> str:
    """Items per second and time of one iteration of each row of a step."""
    rows = results.of_step(step)
    if rows.empty:
        return ""
    apart, _ = wording.settings(rows.assign(batch=pd.NA))
    numbers = ["Batch", "Items/s", "Mean time", "Median", "± 95 %", "p90", "p99"]
    numbers += ["Batches", "MACs", "Of full", "Parameters", "Peak memory"]
    headers = ["Network", "Configuration", "Device", "Settings", *numbers, "Notes"]
    if not has_candidate(rows).any():
        headers[0] = "Zoo" if step == "Search" else "Input"
    lines = []
    for (_, row), settings in zip(rows.iterrows(), apart, strict=True):
        value = row.get
        interval = value("ci95_rel", math.nan)
        batches = value("batches", math.nan)
        lines.append(
            [
                *_who(row, results),
                cell(", ".join(settings)),
                "" if pd.isna(row["batch"]) else str(row["batch"]),
                wording.significant(value("items_per_second", math.nan)),
                wording.seconds(row["seconds"]),
                wording.seconds(value("p50", math.nan)),
                f"{100 * interval:.1f} %" if math.isfinite(interval) else "-",
                wording.seconds(value("p90", math.nan)),
                wording.seconds(value("p99", math.nan)),
                f"{batches:.0f}" if math.isfinite(batches) else "-",
                wording.count(value("macs", math.nan)),
                _share(gains.share_of_full_work(row, results.rows)),
                wording.count(value("params", math.nan)),
                wording.count(value("peak_device_bytes", math.nan), (" B", " kB", " MB", " GB")),
                cell(_notes(row)),
            ]
        )
    return table(headers, lines, numbers)


def _share(value: float) -> str:
    return wording.percent(value) if math.isfinite(value) else ""


def _notes(row: pd.Series) -> str:
    """The row's remarks, without those that other columns show."""
    shown = r"same_cut_as=\w+|random weights( \(seed \d+\))?|random"
    rest = re.sub(shown, "", zoo_searches.remarks(row["label"]))
    notes = [part.strip() for part in re.split(r"[;,]", rest) if part.strip()]
    if row.get("launch_bound", 0) > 0 and "launch_bound" not in notes:
        notes.append("launch_bound")
    if row.get("near_host_pace", 0) > 0:
        notes.append("near the host's pace")
    if row.get("drifted", 0) > 0:
        notes.append(f"drifted by {100 * (row['drift'] - 1):+.1f} %")
    return ", ".join(notes)


def checks(rows: pd.DataFrame) -> list[str]:
    """Where a row contradicts itself, else how well its steps add up."""
    found = [f"{row['name']}: {fault}." for _, row in rows.iterrows()
             for fault in shares.faults(row)]  # fmt: skip
    serial = rows[rows["mode"].isin([None, "serial"])]
    if found or serial.empty:
        return found
    most = max(shares.shares(row)["other"] for _, row in serial.iterrows())
    allowed = wording.percent(shares.OTHER_LIMIT)
    return [f"Serial steps add up to the whole: other is at most {wording.percent(most)} "
            f"(allowed: {allowed})."]  # fmt: skip


def best_batches(results: Results) -> list[str]:
    """The fastest batch size of each network in a sentence, where several were measured."""
    rows = results.of_step("Inference")
    rows = rows[(rows["configuration"] == "full") & rows["batch"].notna()]
    fastest: dict[int, list[str]] = {}
    every = rows["subject"].nunique()
    if "items_per_second" not in rows:
        return []
    for subject, own in rows.groupby("subject", sort=False):
        known = own[own["items_per_second"] > 0]
        if known["batch"].nunique() > 1:
            best = known.loc[known["items_per_second"].idxmax()]
            fastest.setdefault(int(best["batch"]), []).append(subject)
    return [
        f"Batch {batch:,} is the fastest measured for {len(names)} of {every} "
        f"{'network' if every == 1 else 'networks'}."
        for batch, names in sorted(fastest.items(), key=lambda one: (-len(one[1]), one[0]))
    ]


def cut_at_the_same_place(results: Results) -> list[str]:
    """Two names of one cut, a sentence for each pair of names."""
    rows = results.rows[results.rows["same_cut_as"].notna()]
    found: dict[tuple[str, str], set[str]] = {}
    for _, row in rows.iterrows():
        names = (row["configuration"], row["same_cut_as"])
        found.setdefault(names, set()).add(row["subject"])
    return [
        f"{one} is the same cut as {other} in {len(subjects)} "
        f"{'network' if len(subjects) == 1 else 'networks'}: measured once, shown twice."
        for (one, other), subjects in found.items()
    ]


def failed(results: Results) -> str:
    rows = results.failed
    if rows.empty:
        return ""
    several = len(results.contexts) > 1
    lines = [
        [code(row["name"]), cell(row["source"]) if several else "", cell(row["error"])]
        for _, row in rows.iterrows()
    ]
    return table(["Combination", "File", "Why"], lines, ())


def families(results: Results) -> list[str]:
    """Steps that have rows, in the order of the search; EndToEnd only where its own table, which
    has the same numbers, leaves rows out."""
    measured = set(results.measured["step"])
    rows = results.of_step("EndToEnd")
    if len(shares.with_steps(rows)) == len(rows):
        measured.discard("EndToEnd")
    if len(zoo_searches.of(results)) == len(results.of_step("Search")):
        measured.discard("Search")  # The whole search has a section of its own.
    known = [step for step in steps.FAMILIES if step in measured]
    return known + sorted(measured.difference(known))
