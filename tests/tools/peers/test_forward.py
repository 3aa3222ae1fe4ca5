# SPDX-License-Identifier: Apache-2.0
"""Python's ways to run a network give the same features; their distance and their times."""

import math

import pytest
import torch
import torch._dynamo.utils
from peers import batch_seconds, feature_distance, forward


def _network() -> torch.nn.Module:
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3, stride=2, bias=False),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
    ).eval()
    network[1].running_mean.normal_()
    network[1].running_var.uniform_(0.5, 2)
    return network


def test_compiled_networks_give_the_same_features() -> None:
    network = _network()
    first, second = torch.randn(2, 2, 3, 16, 16)
    torch._dynamo.reset()
    compiler = torch._dynamo.utils.counters
    compiler.clear()
    calls = []
    with torch.inference_mode():
        expected = network(second)
        for name in ("eager", "compile", "frozen_graph"):
            assert compiler["inductor"]["binary_folding"] == 0
            made = forward.prepare(network, name, (first,))
            assert ("compile_seconds" in made.seconds) == (name != "eager")
            calls.append(made.call)
        # BatchNorm is folded into the convolution, which needs frozen weights.
        assert compiler["inductor"]["binary_folding"] > 0
        # Every way keeps its own code, and later calls compile nothing.
        for call in calls:
            torch.testing.assert_close(call(second), expected, rtol=1e-5, atol=1e-5)
    assert compiler["stats"]["unique_graphs"] == 2


def test_distance_is_the_worst_items() -> None:
    reference = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
    features = torch.tensor([[3.0, 4.5], [0.0, 2.0]], dtype=torch.bfloat16)
    assert feature_distance.distance(features, reference) == pytest.approx(0.1)
    assert feature_distance.distance(reference, reference) == 0
    assert math.isnan(feature_distance.distance(reference * math.nan, reference))


def test_the_reference_is_strict_float32_of_the_first_items() -> None:
    torch.backends.cudnn.allow_tf32 = True
    images = torch.randn(6, 3, 16, 16)
    features = feature_distance.strict(_network(), (images,))
    assert not torch.backends.cudnn.allow_tf32
    with torch.inference_mode():
        assert torch.equal(features, _network()(images[:4]))


def test_the_warm_up_is_not_measured_and_inputs_take_turns() -> None:
    seen: list[float] = []
    inputs = [(torch.tensor([float(i)]),) for i in range(2)]
    seconds = batch_seconds.measure(lambda x: seen.append(float(x)), inputs, 5, 2)
    assert len(seconds) == 3
    assert seen == [0, 1, 0, 1, 0]
    result = batch_seconds.result([1.0, 2.0, 6.0], 8, {"feature_distance": 0.5})
    assert result.seconds == 3
    assert result.counters["p50"] == 2
    assert result.counters["items_per_second"] == pytest.approx(8 / 3)
    assert result.counters["feature_distance"] == 0.5
