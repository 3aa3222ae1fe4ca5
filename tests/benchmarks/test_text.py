# SPDX-License-Identifier: Apache-2.0
"""The program on texts: steps, padding, prepared tokens, and input that trips tokenizers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Program
from safetensors import safe_open

SMALL = {"hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4,
         "intermediate_size": 128}  # fmt: skip
FLAGS = ("--devices=cpu", "--batch_sizes=8", "--threads=2", "--workers=2", "--batches=3",
         "--warmup_batches=1", "--modes=serial", "--classes=0", "--items=40")  # fmt: skip


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small networks with random weights, one of each family."""
    path = tmp_path_factory.mktemp("zoo") / "zoo.json"
    path.write_text(json.dumps([
        {"name": "small_bert", "architecture": "bert_base", "weights": "random", "config": SMALL},
        {"name": "small_roberta", "architecture": "roberta_base", "weights": "random",
         "config": SMALL},
    ]))  # fmt: skip
    return path


def test_every_step_has_rows(program: Program, zoo: Path) -> None:
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--configurations=full,last_1", "--max_lengths=32",
        "--data=text,tokens",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    names = {row["name"].rsplit("/batch", 1)[0]: row for row in outcome.rows}
    assert "LoadData/text/cpu/max_length=32/tokenizer=bpe/workers=2" in names
    assert "LoadData/text/cpu/data=tokens/max_length=32/workers=2" in names
    text = names["LoadData/text/cpu/max_length=32/workers=2"]
    tokens = names["LoadData/text/cpu/data=tokens/max_length=32/workers=2"]
    assert text["tokenize_thread_seconds"] > 0
    assert tokens["tokenize_thread_seconds"] == 0
    steps = {row["name"].split("/")[0] for row in outcome.rows}
    assert steps == {"LoadModel", "LoadData", "Inference", "WriteActivations", "Score", "EndToEnd"}
    scores = {
        (row["name"].split("/")[1], row["accuracy"])
        for row in outcome.rows
        if row["name"].startswith("EndToEnd")
    }
    assert len(scores) == 2, scores  # the same for text and tokens, whole and tail
    assert outcome.context["text_texts"] == "500"
    assert outcome.context["tokenizer_small_bert"].startswith("wordpiece")
    assert outcome.context["tokenizer_small_roberta"].startswith("bpe")


def test_padding_never_changes_a_feature(program: Program, zoo: Path, tmp_path: Path) -> None:
    features = {}
    rows = {}
    for padding in ("fixed", "longest"):
        folder = tmp_path / padding
        outcome = program.run(
            *FLAGS, f"--candidates={zoo}", "--configurations=full,last_1,joint_last_1",
            "--steps=EndToEnd", "--max_lengths=250", f"--paddings={padding}", "--poolings=mean",
            "--batch_sizes=2", f"--features_dir={folder}",
        )  # fmt: skip
        assert outcome.code == 0, outcome.stderr + str(outcome.rows)
        rows[padding] = outcome.rows
        for path in sorted(folder.iterdir()):
            with safe_open(path, "np") as file:
                features.setdefault(path.name, []).append(file.get_tensor("features"))
    assert len(features) == 8
    for name, (fixed, longest) in features.items():
        difference = np.linalg.norm(fixed - longest, axis=1) / np.linalg.norm(fixed, axis=1)
        assert difference.max() <= 1e-5, name
    for fixed, longest in zip(rows["fixed"], rows["longest"], strict=True):
        assert fixed["mean_length"] == 250
        assert longest["mean_length"] < 250
        assert longest["macs"] < fixed["macs"]
        assert "padding=longest" in longest["name"]


def test_poolings_are_features_of_their_own(program: Program, zoo: Path, tmp_path: Path) -> None:
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--architectures=bert_base", "--configurations=full",
        "--steps=EndToEnd,Score", "--max_lengths=32", "--poolings=cls,pooler,mean",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    for step in ("EndToEnd", "Score"):
        rows = [row for row in outcome.rows if row["name"].startswith(step)]
        assert len({row["loss"] for row in rows}) == 3


def test_joint_models_of_more_heads(program: Program, zoo: Path) -> None:
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--architectures=bert_base", "--heads=2,4",
        "--steps=LoadModel,Inference,EndToEnd", "--max_lengths=32",
        "--configurations=full,joint_last_50pct",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    rows = {
        (*(row["name"].split("/")[i] for i in (0, 2)), "/heads=4/" in row["name"]): row
        for row in outcome.rows
    }
    two = rows["EndToEnd", "joint_last_50pct", False]
    four = rows["EndToEnd", "joint_last_50pct", True]
    assert two["heads"] == 2 and four["heads"] == 4
    for head in range(2):
        assert two[f"loss_head{head}"] == pytest.approx(four[f"loss_head{head}"], rel=1e-6)
    assert {f"accuracy_head{i}" for i in range(4)} <= set(four)
    # Half of the blocks twice, or four times, after one trunk.
    full = rows["Inference", "full", False]["macs"]
    assert rows["Inference", "joint_last_50pct", False]["macs"] == 1.5 * full
    assert rows["Inference", "joint_last_50pct", True]["macs"] == 2.5 * full
    loads = [row["bytes"] for row in outcome.rows if row["name"].startswith("LoadModel")]
    assert loads[0] < loads[1] < loads[2]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A data set in IMDB's layout of two easy classes."""
    folder = tmp_path / "texts"
    for label, words in (("pos", "a fine film"), ("neg", "a poor film")):
        (folder / "train" / label).mkdir(parents=True)
        for i in range(10):
            (folder / "train" / label / f"{i}_7.txt").write_text(f"{words}, {i} times")
    return folder


def test_texts_that_trip_tokenizers_are_items_like_others(
    program: Program, zoo: Path, texts: Path
) -> None:
    positive = texts / "train" / "pos"
    (positive / "empty.txt").write_bytes(b"")
    (positive / "invalid.txt").write_bytes(b"caf\xe9 \xff\xfe \xc3( a fine film \xf0\x9f")
    (positive / "long.txt").write_text("an endless film " * 20000)
    (positive / "one_word.txt").write_text("a" * 50000)
    (positive / "controls.txt").write_bytes(b"\x00\x01 a fine\tfilm \xe2\x80\x8b\r\n\r\n")
    unlabelled = texts / "train" / "unsup"
    unlabelled.mkdir()
    (unlabelled / "0_0.txt").write_text("no label")
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", f"--text_dir={texts}", "--configurations=full,last_1",
        "--steps=LoadData,EndToEnd", "--items=0", "--max_lengths=64",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    assert outcome.context["text_texts"] == "25"
    assert outcome.context["text_ignored_files"] == "1"
    assert all(row["items"] == 25 for row in outcome.rows if row["name"].startswith("EndToEnd"))


def test_texts_longer_than_the_network_takes_are_refused(program: Program, zoo: Path) -> None:
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--configurations=full", "--steps=Inference",
        "--max_lengths=1024,16",
    )  # fmt: skip
    assert outcome.code == 1
    long = [row for row in outcome.rows if "max_length=1024" in row["name"]]
    assert all("512" in row["error_message"] for row in long) and len(long) == 2
    assert all(not row.get("error_occurred") for row in outcome.rows if row not in long)


@pytest.mark.parametrize("layout", ["missing", "no_split", "empty_class"])
def test_folders_without_texts(program: Program, zoo: Path, tmp_path: Path, layout: str) -> None:
    folder = tmp_path / "texts"
    if layout != "missing":
        folder.mkdir()
    if layout == "empty_class":
        (folder / "train" / "pos").mkdir(parents=True)
    outcome = program.run(*FLAGS, f"--candidates={zoo}", f"--text_dir={folder}")
    assert outcome.code == 2
    assert str(folder) in outcome.stderr
