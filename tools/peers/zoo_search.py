#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Print how many times as fast model_search_bench searches a zoo as Python, factor by factor.

Python's side is the plain procedure: for each candidate it builds the network of torchvision,
loads the checkpoint, runs all photographs through a new DataLoader, and trains a linear probe.
Ours are the Search rows of each plan and budget, on the same files with the same split and probes.
Every side is a fresh process per round, in random order; imports, the CUDA context and a warm-up
are outside of the times. Python searches once for all probes of a round, and each probe's figure
is without the seconds of the others.

The factors, each over the line before, so that their product is the total: the rest (Python over
our one_by_one in the same precision), decoding once, sharing, precision and fusing (the fastest of
all --precisions and --executions), halving. Features and rankings are compared as well. The tables
are Markdown, on stdout and in --markdown.

Exit codes: 0 every total reaches --min-ratio, 1 one does not, 2 bad input, a side failed, or the
sides found different features or rankings.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python
import termination

project_python.require("torch", "torchvision", "safetensors", "rich")

from compare.ratios import minimum  # noqa: E402
from whole_text import write_text  # noqa: E402

from peers import flags, our_search, program_weights, zoo_markdown, zoo_setting  # noqa: E402
from peers.linear_probe import KINDS  # noqa: E402
from peers.peer_process import PeerError  # noqa: E402
from peers.precisions import PRECISIONS  # noqa: E402
from peers.rounds import Rounds, collect  # noqa: E402
from peers.search_factors import Factors  # noqa: E402
from peers.zoo_sides import Sides  # noqa: E402
from peers.zoo_verdict import Verdict  # noqa: E402

PACKAGES = ("torch", "torchvision", "pillow", "safetensors")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _check(options)
        with tempfile.TemporaryDirectory(prefix="zoo-features-") as folder:
            sides = Sides(options, Path(folder))
            rounds = collect(measure(options, sides), options.output)
            verdict = Verdict(options, rounds.measured)
            for precision in dict.fromkeys(each.precision for each in verdict.factors):
                verdict.compare_features(precision, sides)
        text = zoo_markdown.table(verdict.factors, rounds, options)
        text += zoo_markdown.agreement(verdict.distances, verdict.rankings, verdict.regrets)
        print(text, end="")
        if options.markdown:
            write_text(text, options.markdown)
    except (PeerError, OSError) as error:
        print(f"zoo_search.py: {error}", file=sys.stderr)
        return 2
    for failure in verdict.failures:
        print(f"zoo_search.py: {failure}", file=sys.stderr)
    return 2 if verdict.failures else int(_too_slow(verdict.factors, options))


def measure(options: argparse.Namespace, sides: Sides) -> Iterator[Rounds]:
    """All sides, --rounds times: the rounds so far after each."""
    order = random.Random(options.seed)
    rounds = Rounds(PACKAGES)
    for index in range(options.rounds):
        chosen = sides.names()
        order.shuffle(chosen)
        for side in chosen:
            print(f"Round {index + 1} of {options.rounds}: {side}", file=sys.stderr)
            sides.run(side, index, rounds)
        yield rounds


def _too_slow(found: list[Factors], options: argparse.Namespace) -> bool:
    return any(
        each.stages[-1].total < (minimum(options.min_ratio, each.precision) or 0) for each in found
    )


def _check(options: argparse.Namespace) -> None:
    gpu = options.device != "cpu"
    options.precisions = options.precisions or (("torch", "bf16") if gpu else ("torch",))
    for precision in options.precisions:
        flags.require_precision(precision, options.device)
    options.executions = options.executions or (("eager", "fused") if gpu else ("eager",))
    flags.require_peers(options.min_ratio, options.precisions)
    if not (options.data_dir / "train").is_dir():
        raise PeerError(f"--data-dir={options.data_dir}: it has no folder 'train'")
    options.zoo = zoo_setting.name_of(options.candidates)
    options.entries = zoo_setting.read(options.candidates)
    options.total = len(options.entries)
    options.peer_candidates = min(options.peer_candidates or options.total, options.total)
    if "shared" in options.plans and "all" not in options.budgets:
        raise PeerError("--budgets=halving: its factor is over 'all'; give --budgets=all,halving")
    for flag in flags.program_flags(options.ours):
        if flag in ("seed", "items", "features_dir"):
            raise PeerError(f"--ours=--{flag}: Python's side does not have it")
    flags.require_program(options.binary)


def _parser() -> argparse.ArgumentParser:
    parser = flags.Parser("zoo_search.py", __doc__, tuple(PRECISIONS))
    add = parser.add_argument
    add("--candidates", type=Path, required=True, metavar="ZOO.json", help="see make_zoo.py")
    add("--data-dir", type=Path, required=True, help="photographs, as DIR/train/<class>/*")
    for flag, choices, default in (
        ("--probes", tuple(KINDS), tuple(KINDS)),
        ("--precisions", tuple(PRECISIONS), None),
        ("--executions", flags.values_of("execution"), None),
        ("--plans", our_search.PLANS, our_search.PLANS),
        ("--budgets", our_search.BUDGETS, our_search.BUDGETS),
    ):
        add(flag, type=flags.names_of(choices), default=default, metavar="LIST",
            help=f"of {', '.join(choices)} (default: {_DEFAULTS.get(flag, 'all')})")  # fmt: skip
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--workers", type=flags.positive, default=12, help="of Python's (default: %(default)s)")
    add("--batch", type=flags.positive, default=128)
    add("--peer-candidates", type=flags.positive, metavar="N",
        help="Python searches the first N, and its seconds are scaled to all")  # fmt: skip
    add("--cache-dir", type=Path, default=program_weights.DEFAULT_CACHE, help="of our program")
    add("--rounds", type=flags.positive, default=3)
    add("--seed", type=int, default=0, help="of the random order")
    add("--markdown", type=Path, metavar="FILE", help="write the tables there too")
    parser.add_ours("--ours=--decoders=nvjpeg")
    return parser


_DEFAULTS = {
    "--precisions": "torch,bf16, on a CPU torch",
    "--executions": "eager,fused, on a CPU eager",
}

if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
