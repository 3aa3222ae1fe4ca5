# SPDX-License-Identifier: Apache-2.0
"""Python's side of the comparison: features and inputs of every architecture."""

import pytest
import torch
import torchvision
from export import architectures, text_config
from peers import inputs, networks


@pytest.mark.parametrize("architecture", architectures.names("images"))
def test_features_of_images(architecture: str) -> None:
    with torch.device("meta"):
        network = networks.build(architecture)
        whole = torchvision.models.get_model(architecture, weights=None)
    (images,) = inputs.batches(architecture, 2, 512, 1)[0]
    with torch.inference_mode():
        features = network(images.to("meta"))
    classifier = [layer for layer in whole.modules() if isinstance(layer, torch.nn.Linear)][-1]
    assert features.shape == (2, classifier.in_features)


def test_features_of_a_vit_are_its_class_token() -> None:
    network = networks.build("vit_b_32")
    (images,) = inputs.batches("vit_b_32", 1, 512, 1)[0]
    with torch.inference_mode():
        tokens = network._process_input(images)
        encoded = network.encoder(torch.cat([network.class_token, tokens], dim=1))
        assert torch.equal(network(images), encoded[:, 0])


@pytest.mark.parametrize("architecture", architectures.names("text"))
def test_features_of_texts_ignore_padding(
    architecture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow = text_config.defaults(architecture) | {"num_hidden_layers": 2}
    monkeypatch.setattr(text_config, "defaults", lambda _: shallow)
    network = networks.build(architecture)
    assert network.encoder.config._attn_implementation == "sdpa"
    assert network.encoder.pooler is None
    ids, mask = inputs.batches(architecture, 3, 24, 1)[0]
    with torch.inference_mode():
        features = network(ids, mask)
        alone = network(ids[:1, : mask[0].sum()], torch.ones(1, int(mask[0].sum())).long())
    assert features.shape == (3, 768)
    torch.testing.assert_close(features[:1], alone, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("architecture", architectures.names("text"))
def test_texts_have_real_lengths(architecture: str) -> None:
    first, second = inputs.batches(architecture, 200, 512, 2)
    assert not torch.equal(first[0], second[0])
    for ids, mask in (first, second):
        settings = text_config.defaults(architecture)
        assert torch.equal(ids == settings["pad_token_id"], mask == 0)
        assert int(ids.max()) < settings["vocab_size"]
        lengths = mask.sum(1)
        assert torch.equal(lengths, (mask.cumsum(1) * mask).amax(1))  # Padding is at the end.
        assert 180 < lengths.float().median() < 260
        assert 0.05 < (lengths == 512).float().mean() < 0.25


@pytest.mark.parametrize("max_length", [3, 16])
def test_every_batch_has_padding(max_length: int) -> None:
    for _, mask in inputs.batches("bert_base", 1, max_length, 4):
        assert 0 < int(mask.sum()) < max_length
