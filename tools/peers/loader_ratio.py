#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the data path of model_search_bench with what a user would run in its place.

Peers, each in a fresh process per round, on the same folder, batch size and number of workers:
  dataloader     torchvision's ImageFolder in PyTorch's DataLoader (worker processes)
  dali           NVIDIA DALI's pipeline on the CPU (threads)
  libjpeg_turbo  nothing but decoding whole images from memory (threads): a limit, not a loader
  end_to_end     the original study's pipeline with a network (--architecture), item for item

Ours are LoadData rows, and EndToEnd rows beside end_to_end. Figures are of the steady state; the
ratio of first passes, over every item once and with the start of the workers, stands beside them.
The sides take turns in an order that is drawn anew each round. A ratio above 1 means that ours is
faster.

Exit codes: 0 all ratios reach --min-ratio, 1 one does not, 2 bad input or a side failed.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python

project_python.require("torch", "torchvision", "rich")

from results import schema  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from peers import flags, kept, loader_rounds, our_loader, peer_process  # noqa: E402
from peers.loader_rounds import Ratio  # noqa: E402
from peers.loader_setting import LoaderSetting, Measured  # noqa: E402
from peers.sample import PeerError  # noqa: E402

_BINARY = Path(__file__).parents[2] / "build" / "release" / "model_search_bench"
_MODULES = {"dataloader": "dataloader_peer", "dali": "dali_peer", "end_to_end": "end_to_end_peer"}
_PEERS = ("dataloader", "dali", "libjpeg_turbo", "end_to_end")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        peers = _chosen(options)
        if options.batches <= options.warmup_batches:
            raise PeerError(
                f"--batches={options.batches}: counts the {options.warmup_batches} warm-up "
                "batches in, so it must be larger"
            )
        if not (options.data_dir / "train").is_dir():
            raise PeerError(f"--data_dir={options.data_dir}: it has no folder 'train'")
        if not options.binary.is_file():
            raise PeerError(f"{options.binary}: no such program; build it, or give --binary")
        rounds = kept.all_rounds(
            measure(options, peers),
            lambda so_far: loader_rounds.document(so_far, options.batch),
            options.output,
        )
    except (PeerError, OSError) as error:
        print(f"loader_ratio.py: {error}", file=sys.stderr)
        return 2
    found = loader_rounds.ratios(rounds)
    show(found, options.min_ratio)
    return loader_rounds.exit_code(found, options.min_ratio)


def measure(options: argparse.Namespace, peers: list[str]) -> Iterator[loader_rounds.Rounds]:
    """All sides for each number of workers, --rounds times: all so far after each round."""
    order = random.Random(options.seed)
    rounds = loader_rounds.Rounds()
    given = dict(flag.removeprefix("--").split("=", 1) for flag in options.ours)
    for index in range(options.rounds):
        for workers in options.workers:
            setting = LoaderSetting(
                folder=str(options.data_dir.resolve()),
                workers=workers,
                batch=options.batch,
                batches=options.batches,
                warmup_batches=options.warmup_batches,
                device=options.device,
                precision=options.precision,
            )
            search = _search(setting, options.architecture)
            sides = ["ours", *peers] + (["our search"] if "end_to_end" in peers else [])
            order.shuffle(sides)
            for side in sides:
                if sys.stderr.isatty():
                    print(f"Round {index + 1}, {workers} workers: {side}", file=sys.stderr)
                if side == "ours":
                    rounds.add_ours(
                        index, "LoadData", *our_loader.run(options.binary, setting, given)
                    )
                elif side == "our search":
                    rounds.add_ours(
                        index, "EndToEnd", *our_loader.run(options.binary, search, given)
                    )
                elif side == "libjpeg_turbo":
                    rounds.add_peer(index, setting, our_loader.bare_decode(options.binary, setting))
                else:
                    asked = search if side == "end_to_end" else setting
                    rounds.add_peer(index, asked, _peer(side, asked))
        yield rounds


def _search(setting: LoaderSetting, architecture: str) -> LoaderSetting:
    return LoaderSetting(**(vars(setting) | {"architecture": architecture}))


def _peer(side: str, setting: LoaderSetting) -> Measured:
    """A peer that fails is a row of its own and loses nobody else's."""
    try:
        return peer_process.run(_MODULES[side], setting)
    except PeerError as error:
        return Measured(side, setting.workers, error=str(error))


def _chosen(options: argparse.Namespace) -> list[str]:
    peers = options.peers
    if "end_to_end" in peers and not options.architecture:
        raise PeerError("--peers=end_to_end needs --architecture")
    for name in options.min_ratio:
        if name not in peers:
            raise PeerError(f"--min-ratio={name}=…: it is not among --peers={','.join(peers)}")
    return list(peers)


def show(found: list[Ratio], bars: dict[str, float]) -> None:
    table = Table(title="Items per second: medians over rounds")
    for column in ("Ours", "Peer"):
        table.add_column(column, overflow="fold")
    for column in ("Workers", "Ours", "Peer", "Ours / peer", "Rounds", "First pass"):
        table.add_column(column, justify="right")
    for ratio in found:
        if ratio.error:
            table.add_row(ratio.name, ratio.peer, str(ratio.workers), "", "", "failed", ratio.error)
            continue
        bar = bars.get(ratio.peer)
        mark = f" (below {bar:g})" if bar is not None and ratio.median < bar else ""
        table.add_row(
            ratio.name,
            ratio.peer,
            str(ratio.workers),
            f"{ratio.ours:,.0f}",
            f"{ratio.theirs:,.0f}",
            f"{ratio.median:.2f}{mark}",
            f"{min(ratio.rounds):.2f} to {max(ratio.rounds):.2f}",
            f"{ratio.first_pass:.2f}" if ratio.first_pass else "",
        )
    # A log has no width of its own; keep every column whole there.
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="loader_ratio.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data_dir", type=Path, required=True, help="photographs, as DIR/train/<class>/*")
    add("--binary", type=Path, default=_BINARY, help="model_search_bench (default: %(default)s)")
    add(
        "--peers",
        type=flags.names_of(_PEERS),
        default=("dataloader", "dali"),
        metavar="LIST",
        help=f"of {_PEERS}",
    )
    add("--workers", type=flags.numbers, default=(1, 2), metavar="LIST", help="default: 1,2")
    add("--batch", type=flags.positive, default=128)
    add("--batches", type=flags.positive, default=16, help="per round, warm-up included")
    add("--warmup_batches", type=flags.positive, default=4)
    add("--rounds", type=flags.positive, default=3)
    add("--seed", type=int, default=0, help="of the order of the sides")
    add("--architecture", default="", metavar="NAME", help="of end_to_end")
    add("--device", default="cpu", help="of end_to_end, and of ours (default: %(default)s)")
    add("--precision", choices=schema.AXES["precision"].values,
        default=schema.DEFAULTS["precision"])  # fmt: skip
    add(
        "--ours",
        action="append",
        default=[],
        metavar="--FLAG=VALUE",
        help="another flag of our side, as --ours=--decoders=turbojpeg,nvjpeg; may be given again",
    )
    add(
        "--min-ratio",
        type=flags.bar_of(_PEERS),
        action=flags.Bars,
        default={},
        metavar="PEER=R",
        help="exit with 1 when the median ratio to a peer is below R; may be given several times",
    )
    add("-o", "--output", type=Path, metavar="FILE", help="write Google Benchmark JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
