# SPDX-License-Identifier: Apache-2.0
"""Which stage a tensor belongs to, against the modules of torchvision and transformers."""

from __future__ import annotations

import pytest
import torch
from export import architectures, expected, stages
from results import schema
from torchvision.models.efficientnet import FusedMBConv, MBConv
from torchvision.models.mobilenetv2 import InvertedResidual
from torchvision.models.resnet import BasicBlock, Bottleneck
from torchvision.models.vision_transformer import EncoderBlock
from transformers.models.bert.modeling_bert import BertLayer
from transformers.models.roberta.modeling_roberta import RobertaLayer

BLOCKS = (BasicBlock, Bottleneck, InvertedResidual, MBConv, FusedMBConv, EncoderBlock,
          BertLayer, RobertaLayer)  # fmt: skip
# The first tensor of the head, where its stage has any (a pooling has none).
HEADS = {
    "mobilenet_v2": "features.18.0.weight",
    "efficientnet_v2_s": "features.7.0.weight",
    "efficientnet_v2_l": "features.8.0.weight",
    "vit_b_16": "encoder.ln.weight",
    "vit_l_32": "encoder.ln.weight",
    "bert_base": "pooler.dense.weight",
}


@pytest.mark.parametrize("architecture", architectures.names())
def test_blocks_are_the_modules_of_the_libraries(architecture: str) -> None:
    with torch.device("meta"):
        module = expected._module(architecture, None)
    blocks = [name for name, child in module.named_modules() if isinstance(child, BLOCKS)]
    names = list(module.state_dict())
    stage_of, count = stages.of_tensors(architecture, names)
    assert count == len(blocks)
    assert count == next(
        row["blocks"] for row in schema._DOCUMENT["architectures"] if row["name"] == architecture
    )
    for number, block in enumerate(blocks, start=1):
        own = {name for name in names if name.startswith(f"{block}.")}
        assert own == {name for name, stage in stage_of.items() if stage == number}
    # State dicts follow the order of the modules; a ViT's class token, of the stem, comes first.
    assert list(stage_of.values()) == sorted(stage_of.values())
    head = [name for name, stage in stage_of.items() if stage == count + 1]
    if architecture in HEADS:
        assert head[0] == HEADS[architecture]
    if architecture.startswith("resnet"):
        assert head == ["fc.weight", "fc.bias"]


def test_other_depths_have_other_heads() -> None:
    names = [f"encoder.layer.{n}.output.dense.bias" for n in (10, 2, 0, 1)] + ["pooler.dense.bias"]
    stage_of, count = stages.of_tensors("bert_base", names)
    assert (count, list(stage_of.values())) == (4, [4, 3, 1, 2, 5])
