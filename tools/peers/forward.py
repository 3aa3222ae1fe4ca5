# SPDX-License-Identifier: Apache-2.0
"""The ways in which Python runs a network: eagerly, compiled, and either of them as a CUDA graph.

eager         the module's own forward
eager_graph   captured once in a CUDA graph, then replayed
compile       torch.compile in its default mode, for fixed shapes
frozen_graph  torch.compile with Inductor's freezing (weights are constants: BatchNorm is folded
              into convolutions) in a CUDA graph. A CPU has no CUDA graphs: there without one.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_PASSES_BEFORE_CAPTURE = 3
_MOST_VARIANTS = 64  # of a network: a way and a batch size each


@dataclass(frozen=True)
class Way:
    compiled: bool = False
    frozen: bool = False
    graph: bool = False


WAYS = {
    "eager": Way(),
    "eager_graph": Way(graph=True),
    "compile": Way(compiled=True),
    "frozen_graph": Way(compiled=True, frozen=True, graph=True),
}


@dataclass(frozen=True)
class Prepared:
    """`call` takes a batch and gives its features; those of a graph are overwritten by the next
    call. `seconds` says what preparing took, by `compile` and `capture`."""

    call: Callable[..., Any]
    seconds: dict[str, float]


def prepare(network: Any, name: str, example: Sequence[Any]) -> Prepared:
    """Must be called, and its result be called, in inference mode: freezing needs it. `example` is
    a batch of the only shape that the result takes."""
    way = WAYS[name]
    call, seconds = network, {}
    if way.compiled:
        import torch._inductor.compile_fx  # noqa: F401  Imports are not a part of compiling.

        call, seconds["compile_seconds"] = _timed(lambda: _compiled(network, way, example))
    if way.graph and example[0].is_cuda:
        compiled = call
        call, seconds["capture_seconds"] = _timed(lambda: captured(compiled, example))
    return Prepared(call, seconds)


def _timed(make: Callable[[], Any]) -> tuple[Any, float]:
    import torch

    start = time.perf_counter()
    made = make()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return made, time.perf_counter() - start


def _compiled(network: Any, way: Way, example: Sequence[Any]) -> Any:
    import torch

    # Beyond its limit Dynamo would run a network eagerly without a word.
    torch._dynamo.config.recompile_limit = _MOST_VARIANTS
    torch._dynamo.config.fail_on_recompile_limit_hit = True
    # The option alone does not freeze, because Dynamo reads the configuration; but without it
    # Dynamo would take the code of `compile`, whose options are equal.
    compiled = torch.compile(
        network, dynamic=False, options={"freezing": True} if way.frozen else None
    )
    with torch._inductor.config.patch(freezing=way.frozen):
        compiled(*example)
    return compiled


def captured(network: Callable[..., Any], example: Sequence[Any]) -> Callable[..., Any]:
    """A function of a batch that copies it into the graph's input and replays the graph."""
    import torch

    static = tuple(tensor.clone() for tensor in example)
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(_PASSES_BEFORE_CAPTURE):
            network(*static)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = network(*static)

    def replay(*batch):
        for target, source in zip(static, batch, strict=True):
            target.copy_(source, non_blocking=True)
        graph.replay()
        return result

    return replay
