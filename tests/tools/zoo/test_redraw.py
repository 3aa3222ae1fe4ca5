# SPDX-License-Identifier: Apache-2.0
"""Changed tensors keep type, mean and deviation, and BatchNorm's statistics stay valid."""

from __future__ import annotations

import pytest
import torch
from zoo.redraw import redraw


def network() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    weight = torch.randn(6, 500, generator=generator) * torch.logspace(-9, 1, 6)[:, None] + 0.1
    weight[2] = 0
    return {
        "conv.weight": weight.view(6, 20, 5, 5),
        "bn.weight": torch.ones(6),
        "bn.bias": torch.zeros(6),
        "bn.running_mean": torch.tensor([0.0, 5.0, -3.0, 1.0, 100.0, 2.0]),
        "bn.running_var": torch.logspace(-12, 3, 6),
        "bn.num_batches_tracked": torch.tensor(7),
    }


def test_statistics_stay() -> None:
    before = network()
    after = redraw(before, before, seed=3)
    old, new = before["conv.weight"].flatten(1).double(), after["conv.weight"].flatten(1).double()
    alive = torch.tensor([0, 1, 3, 4, 5])  # Channel 2 is one of zeros.
    correlation = torch.stack([torch.corrcoef(torch.stack([old[i], new[i]]))[0, 1] for i in alive])
    assert torch.all(correlation[2:] > 0.98) and torch.all(correlation[2:] < 0.999)
    assert torch.allclose(new.std(1)[alive][2:], old.std(1)[alive][2:], rtol=0.03)
    assert torch.all((new - old).mean(1).abs() <= 0.02 * old.std(1) + 1e-7)
    assert torch.equal(new[2], old[2])
    assert torch.all(after["bn.running_var"] > 0)
    ratio = after["bn.running_var"] / before["bn.running_var"]
    assert torch.all((ratio > 0.5) & (ratio < 2) & (ratio != 1))
    moved = (after["bn.running_mean"] - before["bn.running_mean"]).abs()
    assert torch.all(moved <= 0.5 * before["bn.running_var"].sqrt() + 1e-5)
    assert torch.all((after["bn.weight"] - 1).abs() < 0.5) and torch.all(after["bn.weight"] != 1)
    assert torch.all(after["bn.bias"] != 0) and torch.all(after["bn.bias"].abs() < 0.1)
    assert after["bn.num_batches_tracked"] == 7


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_types_stay(kind: torch.dtype) -> None:
    before = {"weight": torch.randn(4, 50).to(kind)}
    after = redraw(before, before, seed=1)["weight"]
    assert after.dtype == kind
    assert after.isfinite().all()
    assert (after != before["weight"]).float().mean() > 0.5


def test_noise_depends_on_seed_and_name_alone() -> None:
    before = network()
    all_of_it = redraw(before, before, seed=3)
    alone = redraw(before, ["conv.weight"], seed=3)
    assert list(alone) == ["conv.weight"]
    assert torch.equal(alone["conv.weight"], all_of_it["conv.weight"])
    assert not torch.equal(redraw(before, ["conv.weight"], 4)["conv.weight"], alone["conv.weight"])
    assert torch.equal(before["conv.weight"], network()["conv.weight"])
    twins = {"a": before["bn.weight"], "b": before["bn.weight"]}
    changed = redraw(twins, twins, seed=3)
    assert not torch.equal(changed["a"], changed["b"])
