# SPDX-License-Identifier: Apache-2.0
"""Changes tensors about as much as fine-tuning does, so that features stay those of a network."""

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np
import torch
from torch import Tensor

STRENGTH = 0.1  # the noise over the tensor's own deviation
_OF_ZEROS = 0.01  # the deviation of what a tensor of zeros becomes


def redraw(tensors: Mapping[str, Tensor], names: Iterable[str], seed: int) -> dict[str, Tensor]:
    """New tensors for `names`, in their types; whole numbers, such as counters, stay.

    A weight is mixed with noise that keeps mean and deviation of each output channel, so channels
    that a norm amplifies because they are small stay small. Each value of a vector changes in
    proportion to itself. Running variances stay positive, and running means move in proportion to
    their own deviation. A tensor's noise depends on the seed and its name alone.
    """
    result = {}
    for name in names:
        tensor = tensors[name]
        if tensor.dtype.is_floating_point:
            scale = None
            if name.endswith(".running_mean"):
                scale = tensors[name.removesuffix("mean") + "var"].float().sqrt()
            changed = _changed(name, tensor.float(), scale, _noise(name, tensor, seed))
            result[name] = changed.to(tensor.dtype)
        else:
            result[name] = tensor
    return result


def _changed(name: str, values: Tensor, scale: Tensor | None, noise: Tensor) -> Tensor:
    noise *= STRENGTH
    if name.endswith(".running_var"):
        return values * noise.exp_()
    if scale is not None:
        return noise.mul_(scale).add_(values)
    if values.dim() < 2:
        if not values.any():
            return noise.mul_(_OF_ZEROS / STRENGTH)
        return noise.mul_(values.abs()).add_(values)
    rows = values.flatten(1)
    deviation, mean = torch.std_mean(rows, dim=1, correction=0, keepdim=True)
    kept = (1 - STRENGTH**2) ** 0.5
    mixed = noise.flatten(1).mul_(deviation).add_(rows, alpha=kept).add_(mean, alpha=1 - kept)
    return mixed.view_as(values)


def _noise(name: str, tensor: Tensor, seed: int) -> Tensor:
    digest = hashlib.sha256(f"{seed} {name}".encode()).digest()
    source = np.random.default_rng(int.from_bytes(digest[:16], "little"))
    return torch.from_numpy(source.standard_normal(tuple(tensor.shape), dtype=np.float32))
