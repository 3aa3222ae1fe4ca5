#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Print README's table of ratios, and draw its picture, from the files of reports/baselines.

A test compares README with what this prints. Each ratio is the peer's seconds over ours, of rows
of one file; where a row was measured in several rounds, of the medians.
"""

from __future__ import annotations

import argparse
import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
_BASELINES = _ROOT / "reports/baselines"
_PICTURE = _ROOT / "reports/readme.svg"

Row = dict[str, Any]


@dataclass(frozen=True)
class Ratio:
    """`ours` and `peer` are parts of the names of rows; names with one of `without` are left out.
    `seconds` is what counts of a row."""

    what: str
    baseline: str
    file: str
    ours: tuple[str, ...]
    peer: tuple[str, ...]
    without: tuple[str, ...] = ()
    seconds: Callable[[Row], float] = lambda row: row["real_time"]


RATIOS = (
    Ratio("A search of 35 fine-tuned ResNet-18s, default precision",
          "PyTorch, one candidate after another (extrapolated from 3)",
          "h200-zoo-next-to-python.json",
          ("budget=all/decoder=hybrid/layout=channels_last/plan=shared/workers=14/",),
          ("peer=python/peer_candidates=3/workers=12/",)),
    Ratio("Photographs to features of ResNet-50, bf16",
          "torch.compile with a tuned DataLoader", "h200-extract-next-to-python.json",
          ("/resnet50/", "decoder=hybrid/"), ("/resnet50/", "peer=tuned/"),
          seconds=lambda row: row["extract_seconds"]),
    Ratio("Loading photographs, GPU and 16 cores", "a tuned DataLoader",
          "h200-loader-next-to-tuned.json",
          ("decoder=hybrid/workers=16/",), ("peer=tuned_dataloader/",)),
    Ratio("Inference of ResNet-50, bf16", "torch.compile, frozen, in a CUDA graph",
          "h200-next-to-compiled.json",
          ("/resnet50/", "execution=fused_graph/"), ("/resnet50/", "peer=frozen_graph/")),
    Ratio("Loading ResNet-18 to the GPU", "safetensors into modules on `meta`",
          "h200-load-next-to-python.json", ("/resnet18/",), ("/resnet18/", "safetensors_meta/"),
          without=("peer=",)),
)  # fmt: skip

_STEPS = (
    ("load_model", "Load model", "#e69f00"),
    ("load_data", "Load data", "#56b4e9"),
    ("data_to_device", "Data to device", "#009e73"),
    ("inference", "Inference", "#0072b2"),
    ("score", "Score", "#cc79a7"),
)
_NETWORKS = (
    ("resnet18", "ResNet-18"),
    ("resnet50", "ResNet-50"),
    ("resnet152", "ResNet-152"),
    ("vit_b_16", "ViT-B/16"),
)
_SEARCHES = "h200-searches.json"
_SEARCH = "EndToEnd/{}/full/cuda/decoder=turbojpeg/mode={}/workers=16/batch:128/manual_time"


def rows(file: str) -> list[Row]:
    return json.loads((_BASELINES / file).read_text(encoding="utf-8"))["benchmarks"]


def ratio(one: Ratio) -> float:
    def seconds(parts: tuple[str, ...], without: tuple[str, ...] = ()) -> float:
        return median(
            one.seconds(row)
            for row in rows(one.file)
            if row.get("run_type") != "aggregate"
            and all(part in row["name"] for part in parts)
            and not any(part in row["name"] for part in without)
        )

    return seconds(one.peer) / seconds(one.ours, one.without)


def table() -> str:
    lines = ["| What, on one H200 | Compared with | Times as fast | File |", "|---|---|---|---|"]
    for one in RATIOS:
        value = ratio(one)
        text = f"{value:.0f}" if value >= 100 else f"{value:.1f}"
        link = f"[`{one.file}`](reports/baselines/{one.file})"
        lines.append(f"| {one.what} | {one.baseline} | {text} | {link} |")
    return "\n".join(lines)


def search_row(network: str, mode: str = "serial") -> Row:
    return next(row for row in rows(_SEARCHES) if row["name"] == _SEARCH.format(network, mode))


def caption() -> str:
    """What the picture shows, and what overlapping the steps gains for all four. A process pins its
    buffers once, outside of the rows' times."""
    small, large = "resnet18", "vit_b_16"
    loading = 100 * search_row(small)["load_data"] / search_row(small)["end_to_end"]
    computing = 100 * search_row(large)["inference"] / search_row(large)["end_to_end"]
    names = [network for network, _ in _NETWORKS]
    serial = sum(search_row(name)["end_to_end"] for name in names)
    rows_after = [search_row(name, "overlapped") for name in names]
    pinning = max(row.get("pin_seconds", 0.0) for row in rows_after)
    faster = serial / (sum(row["end_to_end"] for row in rows_after) + pinning)
    return (
        f"ResNet-18 spends {loading:.0f} % of its search on loading data, ViT-B/16 "
        f"{computing:.0f} % on inference. Running all steps at once\n"
        f"(overlapped mode) makes the search of all four {faster:.1f} times as fast."
    )


def picture() -> str:
    """Seconds of the steps of four searches as a bar each."""
    left, width, top, height, gap = 110, 620, 64, 30, 14
    longest = max(search_row(network)["end_to_end"] for network, _ in _NETWORKS)
    count = search_row(_NETWORKS[0][0])["items"]
    title = f"Where the seconds go: {count:,.0f} photographs, step after step, one H200"
    bottom = top + len(_NETWORKS) * (height + gap)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 {bottom + 40}" role="img" '
        'font-family="Helvetica, Arial, sans-serif" font-size="14">',
        f"<title>{html.escape(title)}</title>",
        '<rect width="100%" height="100%" rx="6" fill="#ffffff"/>',
        f'<text x="16" y="30" font-size="17" font-weight="bold">{html.escape(title)}</text>',
    ]
    for index, (network, name) in enumerate(_NETWORKS):
        row, y, x = search_row(network), top + index * (height + gap), float(left)
        parts.append(f'<text x="16" y="{y + 20}">{name}</text>')
        for counter, _, color in _STEPS:
            share = row[counter] / longest * width
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{share:.1f}" height="{height}" fill="{color}"/>'
            )
            if share > 50:
                ink = "#ffffff" if counter == "inference" else "#000000"
                parts.append(
                    f'<text x="{x + share / 2:.1f}" y="{y + 20}" text-anchor="middle" '
                    f'fill="{ink}">{row[counter]:.2f}</text>'
                )
            x += share
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 20}">{row["end_to_end"]:.2f} s</text>')
    for index, (_, title, color) in enumerate(_STEPS):
        x = left + index * 130
        parts.append(f'<rect x="{x}" y="{bottom + 8}" width="14" height="14" fill="{color}"/>')
        parts.append(f'<text x="{x + 20}" y="{bottom + 20}">{title}</text>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="readme_figures.py", description=__doc__)
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help=f"draw it, as {_PICTURE.relative_to(_ROOT)}"
    )
    options = parser.parse_args()
    print(table())
    print(caption())
    if options.picture:
        options.picture.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
