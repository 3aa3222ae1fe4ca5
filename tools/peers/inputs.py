# SPDX-License-Identifier: Apache-2.0
"""Distinct input batches of Python's side, drawn from a seed or decoded from photographs.

Lengths of texts follow the distribution of our default text set: log-normal with a median of 175
and a mean of 230 words, limited to 10 to 1,000 words. A word counts as 1.25 tokens; each text is
cut or padded to the maximum length. transformers drops a mask without padding, which our program
does not, so the first text of each batch has padding.
"""

import concurrent.futures
import itertools
import math
import os
from pathlib import Path

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


def photographs(folder: Path, batch: int, count: int) -> list[tuple[torch.Tensor, ...]]:
    """`count` batches of the photographs `folder/train/<class>/*`, as our program reads them; the
    photographs repeat where there are too few."""
    from torchvision import datasets

    from peers import dataloader_peer

    data = datasets.ImageFolder(f"{folder}/train", dataloader_peer.transform())
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        decoded = list(pool.map(lambda i: data[i][0], range(min(len(data), batch * count))))
    turns = itertools.cycle(decoded)
    return [(torch.stack([next(turns) for _ in range(batch)]),) for _ in range(count)]


def _texts(
    config: dict, batch: int, max_length: int, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = _lengths(batch, max_length, generator)
    lengths[0] = lengths[0].clamp(max=max_length - 1)
    mask = torch.arange(max_length)[None, :] < lengths[:, None]
    ids = torch.randint(_FIRST_WORD, config["vocab_size"], (batch, max_length), generator=generator)
    return ids.masked_fill(~mask, config["pad_token_id"]), mask.long()


def _lengths(batch: int, max_length: int, generator: torch.Generator) -> torch.Tensor:
    """Tokens of each text, the two special ones included, [N] int64."""
    spread = math.sqrt(2 * math.log(_MEAN / _MEDIAN))
    words = _MEDIAN * torch.exp(spread * torch.randn(batch, generator=generator))
    tokens = _TOKENS_PER_WORD * words.clamp(_SHORTEST, _LONGEST) + 2
    return tokens.long().clamp(max=max_length)
