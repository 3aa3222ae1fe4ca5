# SPDX-License-Identifier: Apache-2.0
"""Sentences of sections are the smallest and largest quotient of planted rows."""

from pathlib import Path

import planted_results as planted
from report import ranges


def test_tails_next_to_their_full_network(tmp_path: Path) -> None:
    rows = [planted.end_to_end(), planted.end_to_end("resnet50", scale=10),
            planted.end_to_end(configuration="last_3", scale=0.5),
            planted.end_to_end("resnet50", "last_1", scale=13)]  # fmt: skip
    assert ranges.tails(planted.read(tmp_path, rows)) == [
        "On the GPU 2 tails take 50 % to 130 % of the full network's time."
    ]
    assert ranges.tails(planted.read(tmp_path, rows[2:3])) == []


def test_names_of_tails_are_explained(tmp_path: Path) -> None:
    names = ("last_1", "full", "last_50pct")
    rows = [planted.end_to_end(configuration=name) for name in names]
    (said,) = ranges.cuts(planted.read(tmp_path, rows))
    assert said == 'Of a network\'s blocks a tail has the last: "last_50pct" 50 % and "last_1" 1.'
    assert ranges.cuts(planted.read(tmp_path, rows[1:2])) == []


def test_scores_and_batches(tmp_path: Path) -> None:
    rows = [planted.row(f"Score/resnet18/full/cuda/classes={n}", s, classes=n)
            for n, s in ((10, 0.0112), (1000, 0.055))]  # fmt: skip
    rows += [
        planted.largest_batch(*sizes) for sizes in (("resnet18", 3000, 256), ("vit_b_16", 900, 64))
    ]
    results = planted.read(tmp_path, rows)
    assert ranges.scores(results) == ["On the GPU 2 scores take 11 ms to 55 ms."]
    assert ranges.fits(results) == ["The GPU fits batches of 900 to 3,000 items."]
