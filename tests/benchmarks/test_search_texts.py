# SPDX-License-Identifier: Apache-2.0
"""Searches of zoos with text networks."""

from __future__ import annotations

from pathlib import Path

from conftest import Program
from search_zoo import Zoo, distance, done, entry, label
from zoos import write_zoo

SMALL = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
         "intermediate_size": 128}  # fmt: skip


TEXTS = ("--devices=cpu", "--threads=2", "--workers=1", "--batch_sizes=8", "--items=40",
         "--max_lengths=16", "--steps=Search")  # fmt: skip


def text_entry(name: str, **config: int) -> dict:
    return {"name": name, "architecture": "bert_base", "weights": f"random:{len(name)}",
            "config": SMALL | config}  # fmt: skip


def test_texts_are_searched_as_well(program: Program, tmp_path: Path) -> None:
    """Also networks of one architecture with different numbers of blocks."""
    zoo = write_zoo(
        tmp_path,
        text_entry("two"),
        text_entry("three", num_hidden_layers=3),
        text_entry("four.", num_hidden_layers=3, hidden_size=32),
        text_entry("owt"),
    )
    searches = {}
    for plan in ("decode_once", "shared"):
        folder = tmp_path / plan
        outcome = program.run(
            *TEXTS, f"--candidates={zoo}", f"--plans={plan}", f"--features_dir={folder}"
        )
        searches[plan] = done(outcome, folder)
    shared, separate = searches["shared"], searches["decode_once"]
    assert sorted(shared.ranking) == ["four.", "owt", "three", "two"]
    assert shared.ranking == separate.ranking
    assert separate.row["item_blocks"] == 40 * (2 + 3 + 3 + 2)
    assert shared.row["item_blocks"] == 40 * (2 + 3 + 3)  # Two are equal.
    for name, features in shared.features.items():
        assert distance(features, separate.features[name]) <= 1e-5


def test_images_and_texts_of_a_zoo_have_rows_of_their_own(zoo: Zoo, tmp_path: Path) -> None:
    mixed = write_zoo(
        tmp_path,
        text_entry("two"),
        entry("half", str(zoo.folder / "half.safetensors")),
        text_entry("three", num_hidden_layers=3),
        entry("last", str(zoo.folder / "last.safetensors")),
    )
    outcome = zoo.search("--max_lengths=16", zoo=mixed)
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    rankings = [sorted(label(row)["ranking"].split(",")) for row in outcome.rows]
    assert sorted(rankings) == [["half", "last"], ["three", "two"]]
    assert len({row["name"] for row in outcome.rows}) == 2
