# SPDX-License-Identifier: Apache-2.0
"""Which children a zoo has, how many last blocks of each are re-drawn, and what they share."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Distribution:
    """The number of last blocks that are re-drawn: a normal distribution, rounded and cut to
    [0, n] for n blocks. Its mean is `share` * n, its standard deviation `spread` * mean."""

    share: float
    spread: float

    def draw(self, blocks: int, source: random.Random) -> int:
        mean = self.share * blocks
        return min(max(round(source.normalvariate(mean, self.spread * mean)), 0), blocks)


DISTRIBUTIONS = {
    "top_layers": Distribution(0.10, 1 / 2),
    "top_25pct": Distribution(0.25, 1 / 2),
    "top_50pct": Distribution(0.50, 1 / 4),
}


@dataclass(frozen=True)
class Child:
    """Child `index` of the zoo has its parent's tensors except for the last `redrawn` of its blocks
    and the head behind them; with 0 it equals its parent."""

    index: int
    parent: int
    redrawn: int
    seed: int


def first_redrawn(blocks: int, redrawn: int) -> int:
    """The first stage whose tensors differ from the parent's."""
    return blocks + 1 - redrawn if redrawn else blocks + 2


@dataclass(frozen=True)
class Layout:
    """Bytes of each stage: stem, blocks, head."""

    stage_bytes: tuple[int, ...]

    @staticmethod
    def of(stages: Mapping[str, int], blocks: int, tensor_bytes: Mapping[str, int]) -> "Layout":
        total = [0] * (blocks + 2)
        for name, stage in stages.items():
            total[stage] += tensor_bytes[name]
        return Layout(tuple(total))

    @property
    def blocks(self) -> int:
        return len(self.stage_bytes) - 2

    @property
    def bytes(self) -> int:
        return sum(self.stage_bytes)


def draw(
    distribution: Distribution, blocks: Sequence[int], candidates: int, seed: int
) -> list[Child]:
    """`blocks` has each parent's number. Children are dealt out evenly. The first children of a
    larger zoo with the same seed are those of a smaller one."""
    source = random.Random(f"children {seed}")
    children = []
    for index in range(candidates):
        parent = index % len(blocks)
        redrawn = distribution.draw(blocks[parent], source)
        children.append(Child(index, parent, redrawn, source.getrandbits(48)))
    return children


@dataclass(frozen=True)
class Sharing:
    """Blocks that run and bytes that are read, candidate by candidate and with each shared prefix
    once."""

    one_by_one_blocks: int
    shared_blocks: int
    one_by_one_bytes: int
    shared_bytes: int

    @property
    def blocks_ratio(self) -> float:
        return self.one_by_one_blocks / self.shared_blocks

    @property
    def bytes_ratio(self) -> float:
        return self.one_by_one_bytes / self.shared_bytes


def sharing(children: Sequence[Child], layouts: Sequence[Layout]) -> Sharing:
    one_by_one = [0, 0]
    shared = [0, 0]
    for parent, layout in enumerate(layouts):
        own = [child.redrawn for child in children if child.parent == parent]
        if not own:
            continue
        one_by_one[0] += layout.blocks * len(own)
        one_by_one[1] += layout.bytes * len(own)
        # The parent's stages as far as any child needs them, then what each child has alone.
        firsts = [first_redrawn(layout.blocks, redrawn) for redrawn in own]
        shared[0] += layout.blocks - min(own) + sum(own)
        shared[1] += sum(layout.stage_bytes[: max(firsts)])
        shared[1] += sum(sum(layout.stage_bytes[first:]) for first in firsts)
    return Sharing(one_by_one[0], shared[0], one_by_one[1], shared[1])
