# SPDX-License-Identifier: Apache-2.0
"""The flags that the comparisons with peers share, and the checks of their combinations."""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from compare.flags import positive
from compare.ratios import EVERY_PEER
from results import schema

from peers.peer_process import PeerError

BINARY = Path(__file__).parents[2] / "build" / "release" / "model_search_bench"


class Parser(argparse.ArgumentParser):
    """Has the flags of every comparison. Long flags are written with `-`; the older spelling with
    `_` is accepted too."""

    def __init__(self, prog: str, description: str, peers: Sequence[str]) -> None:
        super().__init__(
            prog=prog,
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add = self.add_argument
        add("--binary", type=Path, default=BINARY, help="the program (default: %(default)s)")
        add(
            "--min-ratio",
            type=_minimum_of(peers),
            action=_Minimums,
            default={},
            metavar="[PEER=]R",
            help="exit with 1 when ours is less than R times as fast as this peer; "
            "without PEER, as any peer that has no minimum of its own; may be given again",
        )
        add("-o", "--output", type=Path, metavar="FILE", help="write Google Benchmark JSON")

    def add_architectures(self, *default: str) -> None:
        self.add_argument(
            "--architectures",
            type=networks,
            default=default,
            metavar="LIST",
            help=f"or 'all' (default: {','.join(default)})",
        )

    def add_ours(self, example: str = "") -> None:
        as_example = f", as {example}" if example else ""
        self.add_argument(
            "--ours",
            type=of_ours,
            action="append",
            default=[],
            metavar="--FLAG=VALUE",
            help=f"another flag of our side{as_example}; may be given again",
        )

    def parse_known_args(self, args=None, namespace=None):
        arguments = sys.argv[1:] if args is None else args
        return super().parse_known_args([self._renamed(each) for each in arguments], namespace)

    def _renamed(self, argument: str) -> str:
        name, equals, value = argument.partition("=")
        renamed = name.replace("_", "-")
        is_flag = name.startswith("--") and renamed in self._option_string_actions
        return renamed + equals + value if is_flag else argument


class _Minimums(argparse.Action):
    """Collects the minimums of several peers."""

    def __call__(self, parser, namespace, values, option_string=None):
        peer, least = values
        setattr(namespace, self.dest, getattr(namespace, self.dest) | {peer: least})


class MaxRatio(argparse.Action):
    """`--max-ratio=X`, the older way to write `--min-ratio=1/X`."""

    def __call__(self, parser, namespace, values, option_string=None):
        print(
            f"{parser.prog}: --max-ratio is deprecated; --min-ratio={1 / values:.4g} says the same "
            "(ratios above 1 now mean that ours is faster)",
            file=sys.stderr,
        )
        namespace.min_ratio = namespace.min_ratio | {EVERY_PEER: 1 / values}


def positive_list(text: str) -> tuple[int, ...]:
    return tuple(positive(part) for part in text.split(","))


def ratio(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a ratio: write a number above 0")
    return value


def names_of(choices: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A list of some of the choices."""

    def read(text: str) -> tuple[str, ...]:
        names = tuple(name for name in text.split(",") if name)
        for name in names:
            if name not in choices:
                raise argparse.ArgumentTypeError(
                    f"{name!r} is unknown; choices: {', '.join(choices)}"
                )
        return names

    return read


def values_of(key: str) -> tuple[str, ...]:
    """The values of an axis."""
    return tuple(schema.AXES[key].values or ())


def networks(text: str) -> tuple[str, ...]:
    """A list of architectures, or `all`."""
    known = tuple(schema.ARCHITECTURES)
    return known if text == "all" else names_of(known)(text)


def of_ours(text: str) -> str:
    """A flag of our program with its value."""
    name, equals, _ = text.partition("=")
    if not equals or not name.removeprefix("--"):
        raise argparse.ArgumentTypeError(
            f"{text!r} has no value; write --FLAG=VALUE, as --decoders=turbojpeg, --interleave=true"
        )
    return text


def _minimum_of(peers: Sequence[str]) -> Callable[[str], tuple[str, float]]:
    def read(text: str) -> tuple[str, float]:
        peer, equals, least = text.rpartition("=")
        if equals and peer not in peers:
            raise argparse.ArgumentTypeError(f"{peer!r} is not a peer; choices: {', '.join(peers)}")
        return peer or EVERY_PEER, ratio(least)

    return read


def program_flags(given: Iterable[str]) -> dict[str, str]:
    """The values of --ours as flags of our program."""
    return dict(flag.removeprefix("--").split("=", 1) for flag in given)


def require_program(binary: Path) -> None:
    """Raises PeerError, as the checks below do."""
    if not binary.is_file():
        raise PeerError(f"{binary}: no such program; build it, or give its path with --binary")


def require_measured(what: str, count: int, warmup: int) -> None:
    if count <= warmup:
        raise PeerError(
            f"--{what}={count}: it includes the {warmup} warm-up {what}, so it must be larger"
        )


def require_precision(precision: str, device: str) -> None:
    if device == "cpu" and precision in ("bf16", "fp16"):
        raise PeerError(
            f"--precision={precision}: on a CPU our program computes in float32; give --device=cuda"
        )


def require_peers(minimums: Iterable[str], peers: Sequence[str]) -> None:
    for peer in minimums:
        if peer != EVERY_PEER and peer not in peers:
            raise PeerError(
                f"--min-ratio={peer}=…: this peer is not measured; --peers={','.join(peers)}"
            )
