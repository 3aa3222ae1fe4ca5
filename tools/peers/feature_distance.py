# SPDX-License-Identifier: Apache-2.0
"""How far features are from the reference's, as our program's `feature_distance` says it."""

from typing import Any

CHECKED_ITEMS = 4  # of a batch, as in our program's check


def distance(features: Any, reference: Any) -> float:
    """The largest relative distance of an item, |a - b| / |b|, between features [N, D] of the same
    items: NaN where one is not a number, which passes no check."""
    expected = reference.double()
    norms = (features.double() - expected).norm(dim=1) / expected.norm(dim=1)
    return float(norms.max())


def strict(network: Any, batch: tuple) -> Any:
    """The features of a float32 network for the first items of a batch, in strict float32."""
    import torch

    from peers import precisions

    precisions.apply("fp32")
    with torch.inference_mode():
        return network(*(tensor[:CHECKED_ITEMS] for tensor in batch))
