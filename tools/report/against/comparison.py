# SPDX-License-Identifier: Apache-2.0
"""The comparison of two machines in words, tables and figures."""

from dataclasses import dataclass
from pathlib import Path

from results.table import Results

from report import machines, steps, wording
from report import tables as report_tables
from report.against import figures, matching, tables
from report.figures.canvas import Image
from report.section import Table

_INCLUDES = (
    "An extraction is the time from the first batch requested to the last feature done: loading "
    "data, copying it and inference; loading the model and scoring are not in it.",
    "In prefetch mode the seconds of loading data are those in which the device waited for it. "
    "Steps are given per 1,000 items, since the data sets may differ in size.",
    "Every ratio is the speed here over the speed there: above 1, in bold, the machine here is "
    "faster.",
)


@dataclass(frozen=True)
class Comparison:
    """`here` and `there` name the machines; texts are plain, tables Markdown."""

    here: str
    there: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    images: tuple[Image, ...]
    contexts: tuple[tuple[str, str], ...]


def compare(results: Results, baseline: Results, out: Path) -> Comparison:
    here, there = machines.title(results), machines.title(baseline)
    if here == there:
        here, there = (f"{name} ({', '.join(r.contexts)})" for name, r in
                       ((here, results), (there, baseline)))  # fmt: skip
    by_step = {
        step: matching.pairs(results, baseline, step)
        for step in dict.fromkeys([*steps.FAMILIES, *results.measured["step"]])
    }
    searches = by_step.pop("EndToEnd", [])
    batches = by_step.pop("MaxBatchSize", [])
    same = [
        f"{steps.FAMILIES.get(step, step)}: every pair differs in {'; '.join(differs)}."
        for step, pairs in {"EndToEnd": searches, **by_step, "MaxBatchSize": batches}.items()
        if pairs and (differs := tables.common(pairs))
    ]
    found = [
        ("Whole extractions", tables.extraction(searches)),
        ("Steps of the extractions, per 1,000 items", tables.steps_of_extraction(searches)),
        *((tables.title(step), tables.alone(step, pairs)) for step, pairs in by_step.items()),
        ("Largest batch", tables.largest_batch(batches)),
    ]
    total = len(searches) + len(batches) + sum(map(len, by_step.values()))
    return Comparison(
        here,
        there,
        (
            _count(total, baseline, here, there),
            *same,
            *(_INCLUDES if total else ()),
            *_remarks(baseline),
        ),
        tuple(Table(title, text) for title, text in found if text),
        tuple(figures.draw(searches, here, there, out)),
        tuple((source, text) for source, text in report_tables.context(baseline)),
    )


def _remarks(baseline: Results) -> list[str]:
    """What the baseline says of itself, as the published numbers do."""
    return [
        f"{source}, {key.removeprefix('published_')}: {value}"
        for source, context in baseline.contexts.items()
        for key, value in context.items()
        if value and (key in ("source", "note") or key.startswith("published_"))
    ]


def _count(total: int, baseline: Results, here: str, there: str) -> str:
    names = f"Here is {here}, there is {there}."
    if total:
        rows = "row stands" if total == 1 else "rows stand"
        return f"{names} {total} {rows} next to one of the baseline's {len(baseline.measured)}."
    examples = wording.listed([str(name) for name in baseline.rows["name"].head(2)])
    return (
        f"{names} No row here has a partner there: network, configuration, device, batch size and "
        f"mode must be equal. The baseline's rows are such as {examples}."
    )
