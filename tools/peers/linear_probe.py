# SPDX-License-Identifier: Apache-2.0
"""The study's linear probe as a user of PyTorch writes it: nn.Linear, cross entropy, SGD.

It is the function of our program's scores in fixtures/searching/scores/ (equal seeds give equal
initial weights and batches), so both sides of a comparison run the same probe.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ROUNDS = 100
BATCH = 128
LEARNING_RATE = 0.1


@dataclass(frozen=True)
class Scored:
    """On the held-out items: top-1 accuracy, 0 to 1, and cross entropy."""

    accuracy: float
    loss: float


def score(kind: str, features: Any, labels: Any, split: tuple[Any, Any], seed: int) -> Scored:
    """`kind` is a key of KINDS. features [N, D] float32 and labels [N] int64 are on one device, and
    `split` has the indices of the items that train and of those that are held out. The result is
    known when the function returns."""
    import torch

    train, held_out = split
    _, labels = torch.unique(labels, return_inverse=True)
    mean = features[train].mean(0)
    deviation = features[train].std(0, correction=0).clamp_min(1e-6)
    standardized = (features - mean) / deviation
    generator = torch.Generator().manual_seed(seed)
    probe = _layer(features, int(labels.max()) + 1, generator)
    optimizer = torch.optim.SGD(probe.parameters(), lr=LEARNING_RATE)
    train_features, train_labels = standardized[train], labels[train]
    for batch, batch_labels in KINDS[kind](train_features, train_labels, generator):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(probe(batch), batch_labels).backward()
        optimizer.step()
    with torch.no_grad():
        found = probe(standardized[held_out])
        expected = labels[held_out]
        loss = torch.nn.functional.cross_entropy(found, expected).item()
        accuracy = found.argmax(1).eq(expected).double().mean().item()
    return Scored(accuracy, loss)


def _layer(features: Any, classes: int, generator: Any) -> Any:
    """Its initial weights are drawn on the CPU, as nn.Linear draws them."""
    import torch

    width = features.shape[1]
    probe = torch.nn.Linear(width, classes)
    with torch.no_grad():
        probe.weight.uniform_(-(width**-0.5), width**-0.5, generator=generator)
        probe.bias.uniform_(-(width**-0.5), width**-0.5, generator=generator)
    return probe.to(features.device)


def _linear(features: Any, labels: Any, _: Any) -> Iterator[tuple[Any, Any]]:
    for _ in range(ROUNDS):
        yield features, labels


def _minibatch(features: Any, labels: Any, generator: Any) -> Iterator[tuple[Any, Any]]:
    import torch

    for _ in range(ROUNDS):
        order = torch.randperm(len(features), generator=generator).to(features.device)
        for picked in order.split(BATCH):
            yield features[picked], labels[picked]


# By the names of the program's scores.
KINDS: dict[str, Callable[[Any, Any, Any], Iterator[tuple[Any, Any]]]] = {
    kind.__name__.removeprefix("_"): kind for kind in (_linear, _minibatch)
}
