# SPDX-License-Identifier: Apache-2.0
"""What the flags of the comparisons with peers have in common."""

import argparse
from collections.abc import Callable, Sequence


def positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def numbers(text: str) -> tuple[int, ...]:
    return tuple(positive(part) for part in text.split(","))


def names_of(choices: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        names = tuple(name for name in text.split(",") if name)
        for name in names:
            if name not in choices:
                raise argparse.ArgumentTypeError(
                    f"{name!r} is unknown; choices: {', '.join(choices)}"
                )
        return names

    return read


def bar_of(choices: Sequence[str]) -> Callable[[str], tuple[str, float]]:
    def read(text: str) -> tuple[str, float]:
        name, _, bar = text.partition("=")
        if name not in choices:
            raise argparse.ArgumentTypeError(f"{name!r} is no peer; choices: {', '.join(choices)}")
        try:
            return name, float(bar)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r}: write PEER=NUMBER") from None

    return read


class Bars(argparse.Action):
    """Collects the bars of several peers."""

    def __call__(self, parser, namespace, values, option_string=None):
        name, bar = values
        setattr(namespace, self.dest, getattr(namespace, self.dest) | {name: bar})
