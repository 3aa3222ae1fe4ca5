# SPDX-License-Identifier: Apache-2.0
"""The tables of zoo_search.py as Markdown: the factors, and whether the sides agree."""

import argparse
from collections.abc import Iterable, Mapping

from results import benchmark_name, machine, markdown

from peers.rounds import Rounds
from peers.search_agreement import Agreement
from peers.search_factors import STAGES, Factors

_HEADERS = ("Probe", "Search", "Seconds", "Factor", "Times as fast", "Over Python")
_NUMBERS = ("Seconds", "Times as fast", "Over Python")
_NAMES = {
    "one_by_one": "ours, one by one",
    "decode_once": "ours, decoded once",
    "shared": "ours, shared",
    "best": "ours, shared, best settings",
    "halving": "ours, shared, best settings, halving",
}


def table(found: Iterable[Factors], rounds: Rounds, options: argparse.Namespace) -> str:
    lines, notes = [], []
    for each in found:
        python = f"Python, {each.precision}{_scaled(options)}"
        lines.append([each.probe, python, _seconds(each.python.median), "", "", "1.0"])
        for stage in each.stages:
            total = f"{stage.total:.1f} ({min(stage.totals):.1f} to {max(stage.totals):.1f})"
            seconds, factor = _seconds(stage.timed.median), f"{stage.factor:.2f}"
            lines.append(
                [each.probe, _NAMES[stage.name], seconds, STAGES[stage.name], factor, total]
            )
            if stage.name == "best":
                settings = benchmark_name.parse(stage.timed.search.name).keys
                text = " ".join(f"{key}={value}" for key, value in settings)
                notes.append(f"- Best settings, {each.probe}: {markdown.code(text)}.")
    return "\n".join(
        [markdown.table(_HEADERS, lines, _NUMBERS), "", *_notes(rounds, options),
         *dict.fromkeys(notes), ""]
    )  # fmt: skip


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _scaled(options: argparse.Namespace) -> str:
    """Next to each figure that was not measured on the whole zoo."""
    if options.peer_candidates == options.total:
        return ""
    return f" (scaled from {options.peer_candidates} of {options.total} candidates)"


def _notes(rounds: Rounds, options: argparse.Namespace) -> list[str]:
    items = rounds.context.get("data_images", "unknown")
    count = f"{options.rounds} round{'s' if options.rounds > 1 else ''}"
    notes = [
        f"{options.zoo}: {options.total} candidates, {items} photographs, batch {options.batch}, "
        f"on {machine.title(rounds.context)}; medians of {count}, in brackets the "
        "rounds' smallest and largest. Each factor is over the line above, and their product is "
        "the last line's.",
        f"- Python: for each candidate a network, its checkpoint, a DataLoader with "
        f"{options.workers} workers, eager extraction, a linear probe on the same split.",
    ]
    if _scaled(options):
        notes.append(
            f"- Python searched the first {options.peer_candidates} of {options.total} candidates, "
            "and its seconds are scaled to all of them."
        )
    return notes


def agreement(
    distances: Mapping[str, Mapping[str, float]],
    rankings: Mapping[tuple[str, str], Agreement],
    regrets: Mapping[tuple[str, str], float | None],
) -> str:
    """Distances by precision, then by candidate; the others by probe and precision. A
    regret is by Python's scores."""
    lines = []
    for precision, found in distances.items():
        name = max(found, key=found.__getitem__)
        lines.append(
            f"- Features ({precision}): {len(found)} candidates, largest distance "
            f"{found[name]:.2g} ({name})."
        )
    for (probe, precision), ranked in rankings.items():
        verdict = "the same ranking" if ranked.same else "another ranking"
        if ranked.swapped:
            first, second = ranked.swapped[0]
            verdict += f" ({len(ranked.swapped)} pairs, as {first} before {second})"
        if ranked.missing:
            verdict += f" (ours lacks {', '.join(ranked.missing)})"
        lines.append(
            f"- {probe}, {precision}: {verdict} of {ranked.candidates} candidates, accuracies "
            f"within {ranked.scores:.4f}."
        )
    for (probe, precision), value in regrets.items():
        chosen = "that Python did not search" if value is None else f"of regret {value:.4f}"
        lines.append(f"- {probe}, {precision}: halving chose a candidate {chosen}.")
    return "\n".join([*lines, ""])
