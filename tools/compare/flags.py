# SPDX-License-Identifier: Apache-2.0
"""Types of flags that several tools share; errors name the value and the choices."""

import argparse

from results.schema import DIRECTED


def share(text: str) -> float:
    """`5%` or `0.05`, between 0 and 1."""
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a share between 0 and 100%: write 5% or 0.05"
        )
    return value


def names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def counters(text: str) -> list[str]:
    """Counters that have a direction."""
    for name in names(text):
        if name not in DIRECTED:
            raise argparse.ArgumentTypeError(f"{name!r} is unknown; choices: {', '.join(DIRECTED)}")
    return names(text)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return int(text)
