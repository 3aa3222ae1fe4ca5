# SPDX-License-Identifier: Apache-2.0
"""How many blocks change, and what sharing saves, against counting block by block."""

from __future__ import annotations

import random
import statistics

import pytest
from zoo.plan import DISTRIBUTIONS, Child, Distribution, Layout, draw, first_redrawn, sharing


@pytest.mark.parametrize(
    ("name", "mean", "deviation"),
    [("top_layers", 10, 5), ("top_25pct", 25, 12.5), ("top_50pct", 50, 12.5)],
)
def test_distributions(name: str, mean: float, deviation: float) -> None:
    children = draw(DISTRIBUTIONS[name], [100], 20_000, seed=5)
    redrawn = [child.redrawn for child in children]
    assert statistics.mean(redrawn) == pytest.approx(mean, rel=0.02)
    assert statistics.pstdev(redrawn) == pytest.approx(deviation, rel=0.05)
    assert min(redrawn) >= 0


def test_draws_are_cut_and_not_drawn_again() -> None:
    wide = Distribution(0.5, 10)
    drawn = [wide.draw(4, random.Random(seed)) for seed in range(400)]
    assert set(drawn) == {0, 1, 2, 3, 4}
    assert min(drawn.count(0), drawn.count(4)) > 100


def test_seeds_and_parents() -> None:
    rule = DISTRIBUTIONS["top_50pct"]
    seven = draw(rule, [8, 16, 8], 7, seed=1)
    assert draw(rule, [8, 16, 8], 12, seed=1)[:7] == seven
    assert draw(rule, [8, 16, 8], 7, seed=2) != seven
    assert [child.parent for child in seven] == [0, 1, 2, 0, 1, 2, 0]
    assert len({child.seed for child in seven}) == 7


def counted(children: list[Child], layouts: list[Layout]) -> tuple[int, int]:
    """Blocks and bytes of a trie of stages: a stage is shared where all before it are too."""
    nodes: dict[tuple, tuple[int, int]] = {}
    for child in children:
        layout = layouts[child.parent]
        path: tuple = (child.parent,)
        for stage, size in enumerate(layout.stage_bytes):
            own = stage >= first_redrawn(layout.blocks, child.redrawn)
            path += (child.index if own else "parent",)
            nodes[path] = (int(0 < stage <= layout.blocks), size)
    return tuple(map(sum, zip(*nodes.values(), strict=True)))


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@pytest.mark.parametrize("seed", range(20))
def test_sharing_is_what_a_tree_of_stages_has(name: str, seed: int) -> None:
    layouts = [Layout((5, 1, 2, 3, 4, 7)), Layout((1, *range(1, 9), 0))]
    children = draw(DISTRIBUTIONS[name], [4, 8], 2 + seed, seed)
    found = sharing(children, layouts)
    assert (found.shared_blocks, found.shared_bytes) == counted(children, layouts)
    assert found.one_by_one_blocks == sum([4, 8][child.parent] for child in children)
    assert found.one_by_one_bytes == sum([22, 37][child.parent] for child in children)


@pytest.mark.parametrize(
    ("name", "ratio"), [("top_layers", 7.8), ("top_25pct", 3.6), ("top_50pct", 1.9)]
)
def test_what_sharing_saves_of_35_models(name: str, ratio: float) -> None:
    layout = Layout((1,) * 26)
    ratios = [
        sharing(draw(DISTRIBUTIONS[name], [24], 35, seed), [layout]).blocks_ratio
        for seed in range(200)
    ]
    assert statistics.mean(ratios) == pytest.approx(ratio, rel=0.05)
