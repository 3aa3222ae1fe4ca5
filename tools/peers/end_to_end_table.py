#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Print how many times as fast model_search_bench goes from photographs to features as Python.

Peers, each in a fresh process per round, on the same photographs:
  study      the original study's pipeline: torchvision's ImageFolder in a DataLoader, pageable
             copies, the network in eager mode and PyTorch's default precision, batch by batch
  tuned      the same DataLoader tuned as PyTorch's documentation says, and the network compiled
             (--way) in --precision, with channels last where it has convolutions
  tuned_gpu  as tuned, with torchvision.io.decode_jpeg of lists on the GPU as its loader

Ours are the EndToEnd rows of the flags in --ours, and the one with the best median counts: give it
the best settings of the machine. Figures are images per second of the extraction (our
`extract_seconds`): without loading or compiling the network, and without a score. The order of the
sides is random. The table is Markdown, on stdout and in --markdown.

Exit codes: 0 every median ratio reaches --min-ratio, 1 one does not, 2 bad input or a side failed.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python
import termination

project_python.require("torch", "torchvision", "safetensors", "rich")

from compare.ratios import Figure, exit_code, ratios  # noqa: E402
from export import architectures  # noqa: E402
from whole_text import write_text  # noqa: E402

from peers import end_to_end_markdown, flags, our_loader, peer_process, program_weights  # noqa: E402
from peers.end_to_end_setting import LOADERS, EndToEndSetting  # noqa: E402
from peers.forward import WAYS  # noqa: E402
from peers.loader_setting import LoaderSetting  # noqa: E402
from peers.peer_process import PeerError  # noqa: E402
from peers.precisions import PRECISIONS  # noqa: E402
from peers.rounds import Rounds, collect  # noqa: E402
from peers.rows import PeerResult  # noqa: E402

RATE = Figure(our_loader.rate, more_is_faster=True)
PACKAGES = ("torch", "torchvision", "pillow", "triton")
PEERS = ("study", *LOADERS)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _check(options)
        if not options.weights_dir:
            program_weights.ensure(options.binary, options.architectures, options.cache_dir)
        rounds = collect(measure(options), options.output)
        found = end_to_end_markdown.best(ratios(rounds.measured, RATE))
        text = end_to_end_markdown.table(found, rounds, options)
        print(text, end="")
        if options.markdown:
            write_text(text, options.markdown)
    except (PeerError, OSError) as error:
        print(f"end_to_end_table.py: {error}", file=sys.stderr)
        return 2
    return exit_code(found, options.min_ratio)


def measure(options: argparse.Namespace) -> Iterator[Rounds]:
    """All sides of each network, --rounds times: the rounds so far after each."""
    order = random.Random(options.seed)
    rounds = Rounds(PACKAGES)
    given = flags.program_flags(options.ours)
    given |= program_weights.flags(options.weights_dir, options.cache_dir)
    for index in range(options.rounds):
        for architecture in options.architectures:
            sides = ["ours", *options.peers]
            order.shuffle(sides)
            for side in sides:
                if sys.stderr.isatty():
                    print(f"Round {index + 1}, {architecture}: {side}", file=sys.stderr)
                if side == "ours":
                    setting = _study(options, architecture)
                    ours = our_loader.run(options.binary, setting, given)
                    rounds.add_ours(index, architecture, *ours)
                else:
                    name, result = _peer(side, options, architecture)
                    rounds.add_peer(index, architecture, side, name, result)
        yield rounds


def _study(options: argparse.Namespace, architecture: str) -> LoaderSetting:
    """The setting of the study's pipeline, from which ours takes data, workers and batch size."""
    return LoaderSetting(
        folder=str(options.data_dir.resolve()),
        workers=options.workers,
        batch=options.batch,
        architecture=architecture,
        device=options.device,
        weights=_weights(options, architecture),
    )


def _weights(options: argparse.Namespace, architecture: str) -> str:
    found = program_weights.find(options.weights_dir, options.cache_dir, architecture)
    return str(found.resolve())


def _peer(side: str, options: argparse.Namespace, architecture: str) -> tuple[str, PeerResult]:
    environment = {"OMP_NUM_THREADS": "1"}
    if side == "study":
        study = _study(options, architecture)
        result = peer_process.result("end_to_end_peer", vars(study), environment)
        return study.row_name(side), result
    tuned = EndToEndSetting(
        pipeline=side,
        architecture=architecture,
        weights=_weights(options, architecture),
        folder=str(options.data_dir.resolve()),
        workers=options.workers,
        batch=options.batch,
        device=options.device,
        precision=options.precision,
        way=options.way,
    )
    return tuned.row_name(), peer_process.result("tuned_end_to_end_peer", vars(tuned), environment)


def _check(options: argparse.Namespace) -> None:
    gpu = options.device != "cpu"
    options.way = options.way or ("frozen_graph" if gpu else "eager")
    options.precision = options.precision or ("bf16" if gpu else "torch")
    if options.way == "eager_graph" and not gpu:
        raise PeerError("--way=eager_graph: a CPU has no CUDA graphs; give --device=cuda")
    flags.require_precision(options.precision, options.device)
    flags.require_peers(options.min_ratio, options.peers)
    if not (options.data_dir / "train").is_dir():
        raise PeerError(f"--data-dir={options.data_dir}: it has no folder 'train'")
    flags.require_program(options.binary)


def _parser() -> argparse.ArgumentParser:
    parser = flags.Parser("end_to_end_table.py", __doc__, PEERS)
    add = parser.add_argument
    add("--data-dir", type=Path, required=True, help="photographs, as DIR/train/<class>/*")
    add(
        "--architectures",
        type=flags.names_of(architectures.names("images")),
        default=("resnet18", "resnet50", "vit_b_16"),
        metavar="LIST",
        help="default: resnet18,resnet50,vit_b_16",
    )
    add("--peers", type=flags.names_of(PEERS), default=PEERS, metavar="LIST",
        help=f"of {', '.join(PEERS)} (default: all)")  # fmt: skip
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--workers", type=flags.positive, default=8, help="of every side (default: %(default)s)")
    add("--batch", type=flags.positive, default=128)
    add("--precision", choices=tuple(PRECISIONS), help="of tuned (default: bf16, on a CPU torch)")
    add("--way", choices=tuple(WAYS), help="of tuned (default: frozen_graph, on a CPU eager)")
    add("--weights-dir", type=Path, help="checkpoints, as DIR/<architecture>.safetensors")
    add("--cache-dir", type=Path, default=program_weights.DEFAULT_CACHE, help="of our program")
    add("--rounds", type=flags.positive, default=3)
    add("--seed", type=int, default=0, help="of the random order")
    add("--markdown", type=Path, metavar="FILE", help="write the table there too")
    parser.add_ours("--ours=--decoders=nvjpeg")
    return parser


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
