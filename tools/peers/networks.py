# SPDX-License-Identifier: Apache-2.0
"""Python's networks up to their features, with random weights.

Images: torchvision's module and its own forward, with the classifier replaced by the identity, so
the features are pooled ones or, for a ViT, the class token. Text: transformers' BertModel or
RobertaModel with scaled dot product attention and without pooler; its features are the class
token's last hidden state.
"""

import torch
from export import architectures, text_config


def build(architecture: str) -> torch.nn.Module:
    torch.manual_seed(1)
    if architectures.find(architecture).domain == "text":
        return _ClassToken(architecture).eval()
    import torchvision

    network = torchvision.models.get_model(architecture, weights=None).eval()
    (head,) = architectures.find(architecture).head
    setattr(network, head.removesuffix("."), torch.nn.Identity())
    return network


class _ClassToken(torch.nn.Module):
    """ids and mask [N, L] -> features [N, D]."""

    def __init__(self, architecture: str) -> None:
        super().__init__()
        self.encoder = text_config.build(architecture, add_pooling_layer=False, attention="sdpa")

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
