# SPDX-License-Identifier: Apache-2.0
"""The flags of the tools that run score_features."""

import argparse
from pathlib import Path

from compare.flags import positive

from scores import program
from scores.program import Settings


def add_to(parser: argparse.ArgumentParser, default: str, repetitions: int, seed: str) -> None:
    """`default`: what runs without --probes; `seed`: of what the seed is, for --help."""
    add = parser.add_argument
    choices = ", ".join(program.PROBES)
    add("--probes", type=probes, default=(), metavar="LIST",
        help=f"of {choices} (default: {default})")  # fmt: skip
    add("--device", default="cpu", help="cpu, cuda, cuda1, … (default: cpu)")
    add("--threads", type=positive, help="of the CPU (default: the cores allowed)")
    add("--repetitions", type=positive, default=repetitions,
        help="timed runs of each score (default: %(default)s)")  # fmt: skip
    add("--seed", type=int, default=0, help=f"of {seed} (default: 0)")
    add("--binary", type=Path, default=program.BINARY, help="score_features of the build")


def settings_of(options: argparse.Namespace) -> Settings:
    return Settings(
        binary=options.binary,
        probes=options.probes,
        device=options.device,
        threads=options.threads,
        seed=options.seed,
        repetitions=options.repetitions,
    )


def probes(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    if not names:
        raise argparse.ArgumentTypeError(f"{text!r} names none of {', '.join(program.PROBES)}")
    for name in names:
        if name not in program.PROBES:
            raise argparse.ArgumentTypeError(
                f"{name!r} is unknown; choices: {', '.join(program.PROBES)}"
            )
    return names
