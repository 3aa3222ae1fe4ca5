# SPDX-License-Identifier: Apache-2.0
"""Candidates that cannot be used: each fails its own rows, and the others go on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from conftest import Program
from safetensors.numpy import load_file, save_file
from zoos import FLAGS, MINILM, minilm, write_zoo


def test_candidates_that_fail_do_not_lose_the_others(program: Program, tmp_path: Path) -> None:
    base = load_file(MINILM / "model.safetensors")
    larger = dict(base)
    larger["embeddings.word_embeddings.weight"] = base["embeddings.word_embeddings.weight"][:100]
    save_file(larger, tmp_path / "other_size.safetensors")
    (tmp_path / "words.txt").write_text("hello\nworld\n")
    many = (MINILM / "vocab.txt").read_text() + "\n".join(f"extra{i}" for i in range(50)) + "\n"
    (tmp_path / "many.txt").write_text(many)
    document = json.loads((MINILM / "tokenizer.json").read_text())
    document["post_processor"]["special_tokens"]["[SEP]"]["ids"] = [40000]
    (tmp_path / "special.json").write_text(json.dumps(document))
    zoo = write_zoo(
        tmp_path,
        minilm("good"),
        minilm("special_token_id") | {"tokenizer": "special.json"},
        minilm("no_file", "nowhere.safetensors"),
        minilm("other_size", "other_size.safetensors"),
        minilm("no_special_tokens") | {"tokenizer": "words.txt"},
        minilm("too_many_ids") | {"tokenizer": "many.txt"},
        minilm("no_tokenizer_file") | {"tokenizer": "missing.txt"},
    )
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=EndToEnd", "--configurations=full",
        "--max_lengths=16", "--items=20",
    )  # fmt: skip
    assert outcome.code == 1
    rows = {row["name"].split("/")[1]: row for row in outcome.rows}
    assert not rows.pop("good").get("error_occurred")
    expected = {
        "no_file": ("nowhere.safetensors",),
        "other_size": ("other_size.safetensors", "embeddings.word_embeddings.weight", "30522"),
        "no_special_tokens": ("words.txt", "[UNK]"),
        "special_token_id": ("special.json", "'[SEP]'", "40000", "30522"),
        "too_many_ids": ("many.txt", "'extra49'", "30571", "30522"),
        "no_tokenizer_file": ("missing.txt",),
    }
    assert set(rows) == set(expected)
    for name, parts in expected.items():
        for part in parts:
            assert part in rows[name]["error_message"], rows[name]["error_message"]


def test_weights_that_are_not_finite_fail_all_rows(program: Program, tmp_path: Path) -> None:
    tensors = load_file(MINILM / "model.safetensors")
    name = "encoder.layer.3.output.dense.bias"
    tensors[name] = tensors[name].copy()
    tensors[name][5] = np.inf
    save_file(tensors, tmp_path / "broken.safetensors")
    zoo = write_zoo(tmp_path, minilm("broken", "broken.safetensors"))
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--max_lengths=16", "--items=20", "--batch_sizes=1",
        "--configurations=full,last_1", "--steps=LoadModel,Inference,WriteActivations,EndToEnd",
    )  # fmt: skip
    assert outcome.code == 1
    assert len(outcome.rows) >= 6
    for row in outcome.rows:
        assert f"broken.safetensors: tensor '{name}' is not finite" in row["error_message"]


def test_pipes_are_refused_at_once(program: Program, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    outcome = program.run(f"--candidates={pipe}", timeout=60)
    assert outcome.code == 2
    assert f"'{pipe}' is not a regular file" in outcome.stderr
    zoo = write_zoo(tmp_path, minilm("good"), minilm("pipe", pipe))
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=LoadModel", "--configurations=full", timeout=60
    )
    good, refused = outcome.rows
    assert not good.get("error_occurred")
    assert f"'{pipe}' is not a regular file" in refused["error_message"]
    zoo = write_zoo(tmp_path, minilm("pipe") | {"config": str(pipe)})
    outcome = program.run(f"--candidates={zoo}", "--steps=LoadModel", timeout=60)
    assert outcome.code != 0
    assert f"'{pipe}' is not a regular file" in outcome.stderr + str(outcome.rows)


def test_configs_that_cannot_be_used_fail_their_own_rows(program: Program, tmp_path: Path) -> None:
    """Nulls are Hugging Face's defaults; what cannot be read is the candidate's own failure."""
    config = json.loads((MINILM / "config.json").read_text())
    nulls = config | {"pad_token_id": None, "position_embedding_type": None}
    without_type = {key: value for key, value in config.items() if key != "model_type"}
    (tmp_path / "broken.json").write_text('{"hidden_size": ')
    (tmp_path / "deep.json").write_text("[" * 60000)
    deep = tmp_path / "deep.tokenizer.json"
    deep.write_text('{"model": ' + "[" * 60000)
    zoo = write_zoo(
        tmp_path,
        minilm("no_config") | {"config": "none.json"},  # first: its tokenizer stands for all
        minilm("nulls") | {"config": nulls},
        minilm("without_type") | {"config": without_type},
        minilm("broken") | {"config": "broken.json"},
        minilm("deep_config") | {"config": "deep.json"},
        minilm("deep_tokenizer") | {"tokenizer": str(deep)},
        minilm("wide") | {"config": config | {"hidden_size": "w" * 60000}},
    )
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=LoadData,EndToEnd", "--configurations=full",
        "--max_lengths=16", "--items=20",
    )  # fmt: skip
    assert outcome.code == 1, outcome.stderr
    rows = {row["name"].split("/")[1]: row for row in outcome.rows}
    for name in ("nulls", "without_type", "text"):
        assert not rows.pop(name).get("error_occurred")
    expected = {
        "no_config": ("'no_config'", "none.json"),
        "broken": ("broken.json", "not JSON"),
        "deep_config": ("deep.json", "100 levels"),
        "deep_tokenizer": ("deep.tokenizer.json", "100 levels"),
        "wide": ("hidden_size", "a whole number"),
    }
    assert set(rows) == set(expected)
    for name, parts in expected.items():
        message = rows[name]["error_message"]
        assert len(message) < 600
        for part in parts:
            assert part in message, message


def test_values_of_a_wrong_type_fail_rows_of_their_candidate(
    program: Program, tmp_path: Path
) -> None:
    random = {"architecture": "resnet18", "weights": "random"}
    zoo = write_zoo(
        tmp_path,
        3,
        {"name": "no_architecture", "architecture": 3, "weights": "random"},
        {"name": "unknown", "architecture": "resnet19", "weights": "random"},
        {"name": "number", "architecture": "resnet18", "weights": 3},
        {"name": "good"} | random,
        {"name": "good"} | random,
        minilm("list") | {"tokenizer": []},
    )
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=LoadModel,EndToEnd", "--configurations=full,last_1",
        "--max_lengths=16", "--items=20",
    )  # fmt: skip
    assert outcome.code == 1, outcome.stderr
    messages: dict[str, set[str]] = {}
    for row in outcome.rows:
        messages.setdefault(row["name"].split("/")[1], set()).add(row.get("error_message", ""))
    assert messages.pop("good") == {""}
    expected = {
        "candidate-1": "candidate 1: it is not a JSON object: 3",
        "no_architecture": "candidate 2 ('no_architecture'): the value of 'architecture' must be",
        "unknown": "'resnet19' is unknown; choices: resnet18",
        "number": "candidate 4 ('number'): the value of 'weights' must be a text; it is 3",
        "candidate-6": "candidate 6 ('good'): an earlier candidate has this name",
        "list": "the value of 'tokenizer' must be a text; it is []",
    }
    assert set(messages) == set(expected)
    for name, part in expected.items():
        (message,) = messages[name]
        assert part in message


@pytest.mark.parametrize(
    ("zoo", "part"), [("not json", "not JSON"), ("[" * 60000, "100 levels"), ("{}", "JSON list")]
)
def test_a_malformed_zoo_is_refused(program: Program, tmp_path: Path, zoo: str, part: str) -> None:
    path = tmp_path / "zoo.json"
    path.write_text(zoo)
    outcome = program.run(f"--candidates={path}")
    assert outcome.code == 2
    assert "zoo.json" in outcome.stderr
    assert part in outcome.stderr


def test_a_zoo_that_is_not_there(program: Program) -> None:
    outcome = program.run("--candidates=/no/such/zoo.json")
    assert outcome.code == 2
    assert "/no/such/zoo.json" in outcome.stderr
