# SPDX-License-Identifier: Apache-2.0
"""Converted tensors give torchvision's networks the logits of the network they come from.

References are timm's and transformers' own networks with random weights and statistics.
"""

from pathlib import Path

import pytest
import timm
import torch
import torchvision
import transformers
from export import (
    architectures,
    expected,
    hugging_face_source,
    mobilenet_names,
    timm_source,
)
from export.checkpoint import Checkpoint, ExportError

_IMAGES = torch.randn((2, 3, 224, 224), generator=torch.Generator().manual_seed(3))


def _randomised(network: torch.nn.Module) -> torch.nn.Module:
    """Tensors all differ, so that exchanged ones show; their spreads keep activations moderate."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not tensor.is_floating_point():
                continue
            noise = torch.randn(tensor.shape, generator=generator)
            if name.endswith("running_var"):
                tensor.copy_(1 + 0.2 * noise.tanh())
            elif tensor.dim() == 1 and name.endswith("weight"):
                tensor.copy_(1 + 0.1 * noise)
            elif tensor.dim() >= 2 and "embed" not in name and "token" not in name:
                tensor.copy_(noise / tensor[0].numel() ** 0.5)
            else:
                tensor.copy_(0.1 * noise)
    return network.eval()


def _logits(architecture: str, tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    expected.check(Checkpoint(architecture, tensors, "converted"))
    layer = f"{architectures.find(architecture).classifier}.bias"
    network = torchvision.models.get_model(
        architecture, weights=None, num_classes=len(tensors[layer])
    ).eval()
    network.load_state_dict(tensors)
    with torch.inference_mode():
        return network(_IMAGES)


@pytest.mark.parametrize(
    "name", ["resnet18", "resnet50", "mobilenetv2_100", "vit_base_patch16_224",
             "vit_base_patch32_224"],
)  # fmt: skip
def test_timm(name: str) -> None:
    network = _randomised(timm.create_model(name, num_classes=10))
    architecture, convert = timm_source.SUPPORTED[name]
    found = _logits(architecture, convert(network.state_dict()))
    with torch.inference_mode():
        wanted = network(_IMAGES)
    assert wanted.std() > 0.01
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", sorted(timm_source.SUPPORTED))
def test_every_supported_timm_network_has_the_structure(name: str) -> None:
    with torch.device("meta"):
        network = timm.create_model(name)
    architecture, convert = timm_source.SUPPORTED[name]
    expected.check(Checkpoint(architecture, convert(network.state_dict()), name))
    ours = {type(m): m.eps for m in network.modules() if hasattr(m, "eps")}
    assert set(ours.values()) == {architectures.find(architecture).normalization_eps}


@pytest.mark.parametrize("name", architectures.names("images"))
def test_the_tables_epsilon_is_torchvisions(name: str) -> None:
    with torch.device("meta"):
        network = torchvision.models.get_model(name)
    eps = {module.eps for module in network.modules() if hasattr(module, "eps")}
    assert eps == {architectures.find(name).normalization_eps}


def _saved(network: torch.nn.Module, folder: Path) -> Checkpoint:
    """Through a folder, because names on disk differ from those in memory."""
    network.save_pretrained(folder)
    return hugging_face_source.load(str(folder))


@pytest.mark.parametrize("patch", [16, 32])
def test_hugging_face_vit(patch: int, tmp_path: Path) -> None:
    config = transformers.ViTConfig(layer_norm_eps=1e-6, patch_size=patch)
    network = _randomised(transformers.ViTForImageClassification(config))
    checkpoint = _saved(network, tmp_path)
    assert checkpoint.architecture == f"vit_b_{patch}"
    assert checkpoint.notes == []
    found = _logits(checkpoint.architecture, checkpoint.tensors)
    with torch.inference_mode():
        wanted = network(_IMAGES).logits
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("architecture", "settings"),
    [
        ("resnet18", {"layer_type": "basic", "depths": [2, 2, 2, 2],
                      "hidden_sizes": [64, 128, 256, 512]}),
        ("resnet50", {"layer_type": "bottleneck", "depths": [3, 4, 6, 3]}),
    ],
)  # fmt: skip
def test_hugging_face_resnet(architecture: str, settings: dict, tmp_path: Path) -> None:
    config = transformers.ResNetConfig(**settings)
    network = _randomised(transformers.ResNetForImageClassification(config))
    checkpoint = _saved(network, tmp_path)
    assert checkpoint.architecture == architecture
    found = _logits(architecture, checkpoint.tensors)
    with torch.inference_mode():
        wanted = network(_IMAGES).logits
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("task", "model_type"),
    [
        (transformers.BertForSequenceClassification, "bert"),
        (transformers.BertForMaskedLM, "bert"),
        (transformers.RobertaForMaskedLM, "roberta"),
        (transformers.RobertaModel, "roberta"),
    ],
)
def test_text_tasks_lose_prefix_and_head(task: type, model_type: str) -> None:
    config = task.config_class(
        vocab_size=50, hidden_size=12, num_hidden_layers=2, num_attention_heads=3,
        intermediate_size=8, max_position_embeddings=20,
    )  # fmt: skip
    network = task(config).eval()
    found = hugging_face_source.text_tensors(network.state_dict(), model_type)
    bare = getattr(network, model_type, network)
    wanted = {n: t for n, t in bare.state_dict().items() if "position_ids" not in n}
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_old_names_of_layer_norm() -> None:
    old = {"bert.embeddings.LayerNorm.gamma": torch.ones(2),
           "bert.embeddings.LayerNorm.beta": torch.zeros(2),
           "cls.predictions.transform.LayerNorm.gamma": torch.ones(2)}  # fmt: skip
    found = hugging_face_source.text_tensors(old, "bert")
    assert set(found) == {"embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"}


def test_a_layer_too_many_is_reported() -> None:
    with torch.device("meta"):
        network = timm.create_model("mobilenetv2_110d")
    tensors = mobilenet_names.to_torchvision(network.state_dict())
    with pytest.raises(ExportError, match=r"unexpected: .*misshapen: "):
        expected.check(Checkpoint("mobilenet_v2", tensors, "timm"))
