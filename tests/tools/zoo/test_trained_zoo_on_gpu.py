# SPDX-License-Identifier: Apache-2.0
"""make_zoo.py --trained on a GPU: training works there, and siblings share their parent's trunk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import torchvision
from safetensors.torch import load_file
from zoo import command

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is visible")


def test_training_pays_and_trunks_are_shared(tmp_path: Path, capsys) -> None:
    torch.manual_seed(3)
    origin, out = tmp_path / "origin.pth", tmp_path / "zoo"
    torch.save(torchvision.models.resnet18(weights=None).state_dict(), origin)
    given = ["--trained", "--architecture=resnet18", f"--parent={origin}", f"--output={out}",
             "--device=cuda", "--candidates=4", "--parents=2", "--epochs=6",
             "--source-images=1200", "--target-images=400", "--fine-tunings=1"]  # fmt: skip
    assert command.main(given) == 0, capsys.readouterr().err
    truth = json.loads((out / "truth.json").read_text())
    assert truth["resnet18-epochs6"] > truth["resnet18-epochs0"] + 0.1, truth
    for child in json.loads((out / "manifest.json").read_text())["children"][2:]:
        parent = load_file(out / f"resnet18-epochs{child['parent_epochs']}.safetensors")
        own = load_file(out / f"{child['name']}.safetensors")
        assert all(tensor.dtype == torch.float32 for tensor in own.values() if tensor.ndim)
        for name in ("conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight"):
            assert torch.equal(own[name], parent[name]), name
        assert not torch.equal(own["layer4.1.conv2.weight"], parent["layer4.1.conv2.weight"])
