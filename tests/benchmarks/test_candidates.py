# SPDX-License-Identifier: Apache-2.0
"""Candidates as checkpoints: a zoo with a real network, and shared trunks."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT, Program
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from transformers import AutoModel, AutoTokenizer
from zoos import FLAGS, MINILM, minilm, write_zoo


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
def random_resnet18(program: Program) -> Path:
    """The file of its random weights, whose statistics take seconds to compute."""
    made = program.run(
        *FLAGS, "--architectures=resnet18", "--steps=LoadModel", "--configurations=full"
    )
    assert made.code == 0, made.stderr
    return next((program.cache / "weights").glob("resnet18-random-*.safetensors"))


@pytest.fixture(scope="module")
def fine_tuned(random_resnet18: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three versions of ResNet-18: two that share all but the last block, one apart."""
    folder = tmp_path_factory.mktemp("fine_tuned")
    tensors = load_file(random_resnet18)
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
        *FLAGS, f"--candidates={fine_tuned}", "--steps=EndToEnd", "--items=20",
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
    for head, name in enumerate(("base", "tuned")):
        assert joint[f"accuracy_head{head}"] == rows[name, "last_1"]["accuracy"]
        assert joint[f"loss_head{head}"] == pytest.approx(rows[name, "last_1"]["loss"], rel=1e-4)
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


def test_damaged_random_weights_are_made_again(
    program: Program, random_resnet18: Path, photographs: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    (cache / "weights").mkdir(parents=True)
    right = random_resnet18.read_bytes()
    file = cache / "weights" / random_resnet18.name
    file.write_bytes(right[:-8] + bytes(8))
    part = file.with_name(f"{file.name}.0123456789abcdef.part")
    part.write_bytes(b"left over")
    outcome = Program(program.binary, cache).run(
        *FLAGS, "--architectures=resnet18", "--steps=LoadModel", "--configurations=full",
        f"--data_dir={photographs}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    assert f"'{file}' are damaged" in outcome.stderr
    assert file.read_bytes() == right
    assert list((cache / "weights").iterdir()) == [file]


def test_candidates_that_the_flags_leave_out_are_named(program: Program, tmp_path: Path) -> None:
    zoo = write_zoo(
        tmp_path,
        {"name": "small", "architecture": "resnet18", "weights": "random"},
        {"name": "large", "architecture": "resnet50", "weights": "random"},
        minilm("words", "random"),
    )
    listed = ("--devices=cpu", "--steps=EndToEnd", f"--candidates={zoo}", "--benchmark_list_tests")
    outcome = program.run(*listed, "--architectures=resnet18")
    assert "EndToEnd/small/" in outcome.stdout
    assert (
        "--architectures=resnet18 leaves out 2 of 3 candidates of the zoo: large (resnet50), "
        "words (bert_base)" in outcome.stderr
    )
    outcome = program.run(*listed, "--decoders=nvjpeg")  # Which no CPU has; texts have no decoder.
    assert "EndToEnd/words/" in outcome.stdout
    assert "EndToEnd/small/" not in outcome.stdout
    assert "no row for small, large" in outcome.stderr
    outcome = program.run(*listed)
    assert "leave" not in outcome.stderr


def test_a_lightning_checkpoint_is_an_error_with_the_command_that_converts_it(
    program: Program, random_resnet18: Path, tmp_path: Path
) -> None:
    """What Lightning's Trainer saves: names begin with the attribute of the module."""
    tensors = {
        f"model.{name}": torch.from_numpy(tensor.copy())
        for name, tensor in load_file(random_resnet18).items()
    }
    checkpoint = {
        "epoch": 4, "global_step": 500, "pytorch-lightning_version": "2.4.0",
        "state_dict": tensors, "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint{'monitor': 'loss'}": {"best_model_score": torch.ones(())}},
        "optimizer_states": [{"state": {0: {"step": torch.ones(())}}, "param_groups": [{"lr": 1}]}],
        "lr_schedulers": [], "hparams_name": "kwargs", "hyper_parameters": {"lr": 0.1},
    }  # fmt: skip
    (tmp_path / "my runs").mkdir()
    torch.save(checkpoint, tmp_path / "my runs" / "last.ckpt")
    zoo = write_zoo(
        tmp_path,
        {"name": "flowers", "architecture": "resnet18", "weights": "my runs/last.ckpt"},
        {"name": "other", "architecture": "resnet18", "weights": str(random_resnet18)},
    )
    flags = (*FLAGS, f"--candidates={zoo}", "--steps=LoadModel", "--configurations=full")
    outcome = program.run(*flags)
    assert outcome.code == 1
    failed, measured = outcome.rows
    assert "error_message" not in measured
    message = failed["error_message"]
    command = shlex.split(message[message.index("tools/export_weights.py ") :])
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    outcome = program.run(*flags)
    assert outcome.code == 0, outcome.stderr
    assert outcome.context["weights_flowers"].startswith("flowers.safetensors ")
    assert (
        outcome.context["weights_flowers"].split()[1] == outcome.context["weights_other"].split()[1]
    )
