# SPDX-License-Identifier: Apache-2.0
"""Python's distinct batches, drawn from a seed.

Texts have lengths drawn as those of our default text set are: log-normal, median 175 words, mean
230, cut at 10 and 1,000, here with 1.25 tokens a word, cut at the maximum length and padded up to
it. transformers drops a mask without padding, which our program does not, so the first text of
each batch has padding.
"""

import math

import torch
from export import architectures, text_config

_MEDIAN, _MEAN, _SHORTEST, _LONGEST = 175, 230, 10, 1000  # words
_TOKENS_PER_WORD = 1.25
_FIRST_WORD = 1000  # ids below are special tokens or unused in BERT's vocabulary


def batches(
    architecture: str, batch: int, max_length: int, count: int
) -> list[tuple[torch.Tensor, ...]]:
    """`count` batches on the CPU: images [N, 3, 224, 224] float32, or ids and mask
    [N, max_length], int64 as tokenizers give them."""
    generator = torch.Generator().manual_seed(1)
    if architectures.find(architecture).domain == "images":
        shape = (batch, 3, 224, 224)
        return [(torch.randn(shape, generator=generator),) for _ in range(count)]
    config = text_config.defaults(architecture)
    return [_texts(config, batch, max_length, generator) for _ in range(count)]


def _texts(
    config: dict, batch: int, max_length: int, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = _lengths(batch, max_length, generator)
    lengths[0] = lengths[0].clamp(max=max_length - 1)
    mask = torch.arange(max_length)[None, :] < lengths[:, None]
    ids = torch.randint(_FIRST_WORD, config["vocab_size"], (batch, max_length), generator=generator)
    return ids.masked_fill(~mask, config["pad_token_id"]), mask.long()


def _lengths(batch: int, max_length: int, generator: torch.Generator) -> torch.Tensor:
    """Tokens of each text with the two special ones, [N] int64."""
    spread = math.sqrt(2 * math.log(_MEAN / _MEDIAN))
    words = _MEDIAN * torch.exp(spread * torch.randn(batch, generator=generator))
    tokens = _TOKENS_PER_WORD * words.clamp(_SHORTEST, _LONGEST) + 2
    return tokens.long().clamp(max=max_length)
