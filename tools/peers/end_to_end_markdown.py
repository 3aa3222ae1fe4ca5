# SPDX-License-Identifier: Apache-2.0
"""The table of end_to_end_table.py: images per second of each side, and ratios, as Markdown."""

import argparse
from collections.abc import Iterable

from compare.ratios import Ratio
from results import benchmark_name, machine, markdown, schema

from peers.rounds import Rounds

_PEERS = {
    "study": "the study's",
    "tuned": "tuned",
    "tuned_gpu": "tuned, decoding on the GPU",
}


def best(found: Iterable[Ratio]) -> list[Ratio]:
    """Of each network and peer the ratio of our row with the most images per second; that of a row
    that failed only where all did."""
    kept: dict[tuple[object, str], Ratio] = {}
    for ratio in found:
        place = ratio.group, ratio.peer
        if place not in kept or kept[place].ours < ratio.ours:
            kept[place] = ratio
    return list(kept.values())


def table(found: list[Ratio], rounds: Rounds, options: argparse.Namespace) -> str:
    """One line for each network; below it what was measured and where."""
    peers = list(dict.fromkeys(ratio.peer for ratio in found))
    cells = {(ratio.group, ratio.peer): ratio for ratio in found}
    headers = ["Network", "Ours (images/s)"]
    for peer in peers:
        title = _PEERS[peer][0].upper() + _PEERS[peer][1:]
        headers += [f"{title} (images/s)", f"Over {_PEERS[peer]}"]
    lines, settings = [], {}
    for name in dict.fromkeys(ratio.group for ratio in found):
        row = [cells[name, peer] for peer in peers if (name, peer) in cells]
        measured = [ratio for ratio in row if not ratio.error]
        line = [schema.architecture(name).title]
        line.append(f"{measured[0].ours:,.0f}" if measured else "failed")
        for ratio in row:
            line += [f"{ratio.theirs:,.0f}", _times(ratio)] if not ratio.error else ["failed", ""]
        lines.append(line)
        for ratio in measured:
            settings.setdefault(_setting(ratio.name), []).append(schema.architecture(name).title)
    notes = _notes(settings, rounds, options)
    failures = [f"- {ratio.group}, {ratio.peer}: {ratio.error}" for ratio in found if ratio.error]
    return "\n".join([markdown.table(headers, lines, headers[1:]), "", *notes, *failures, ""])


def _times(ratio: Ratio) -> str:
    return f"{ratio.median:.1f} ({min(ratio.rounds):.1f} to {max(ratio.rounds):.1f})"


def _setting(name: str) -> str:
    """The keys of one of our rows."""
    return " ".join(f"{key}={value}" for key, value in benchmark_name.parse(name).keys)


def _notes(
    settings: dict[str, list[str]], rounds: Rounds, options: argparse.Namespace
) -> list[str]:
    context = rounds.context
    items = context.get("data_images", "unknown")
    notes = [
        f"Extraction over {items} photographs at batch {options.batch} with {options.workers} "
        f"workers on {machine.title(context)}; medians of {options.rounds} rounds, ratios with "
        "their smallest and largest.",
    ]
    for keys, networks in settings.items():
        notes.append(f"- Ours ({', '.join(dict.fromkeys(networks))}): {markdown.code(keys)}.")
    if "study" in options.peers:
        notes.append(
            "- The study's: DataLoader, pageable copies, eager, PyTorch's default precision."
        )
    if set(options.peers) - {"study"}:
        notes.append(
            f"- Tuned: {options.way} in {options.precision}, uint8 pixels, one wait for the GPU at "
            "the end (decode_jpeg waits within itself); its DataLoader has pinned memory and "
            "persistent workers, which run already."
        )
    return notes
