# SPDX-License-Identifier: Apache-2.0
"""Our program's seeded, stratified split of items: 80 % train a score, 20 % are held out."""

from collections.abc import Iterator, Sequence

_WORDS, _MIDDLE = 312, 156
_MASK = 2**64 - 1
_UPPER, _LOWER = 0xFFFFFFFF80000000, 0x7FFFFFFF


def split(labels: Sequence[int], seed: int) -> tuple[list[int], list[int]]:
    """The items that train and those that are held out, as fixtures/searching/scores/score_data.cpp
    has them. Raises ValueError where every class has only one item."""
    classes: dict[int, list[int]] = {}
    for item, label in enumerate(labels):
        classes.setdefault(label, []).append(item)
    train, held_out = [], []
    random = mt19937_64(seed)
    for _, items in sorted(classes.items()):
        if len(items) == 1:
            train += items
            continue
        for last in range(len(items) - 1, 0, -1):
            other = next(random) % (last + 1)
            items[last], items[other] = items[other], items[last]
        border = max(1, (len(items) + 2) // 5)
        held_out += items[:border]
        train += items[border:]
    if not held_out:
        raise ValueError("every class has only one item: none can be held out")
    return sorted(train), sorted(held_out)


def mt19937_64(seed: int) -> Iterator[int]:
    """The numbers of std::mt19937_64 (Nishimura and Matsumoto's 64-bit Mersenne Twister), which
    neither Python's nor NumPy's library has."""
    state = [seed & _MASK]
    for index in range(1, _WORDS):
        before = state[-1]
        state.append((6364136223846793005 * (before ^ (before >> 62)) + index) & _MASK)
    while True:
        for index in range(_WORDS):
            word = (state[index] & _UPPER) | (state[(index + 1) % _WORDS] & _LOWER)
            odd = 0xB5026F5AA96619E9 if word & 1 else 0
            state[index] = state[(index + _MIDDLE) % _WORDS] ^ (word >> 1) ^ odd
        for word in state:
            word ^= (word >> 29) & 0x5555555555555555
            word ^= (word << 17) & 0x71D67FFFEDA60000
            word ^= (word << 37) & 0xFFF7EEE000000000
            yield word ^ (word >> 43)
