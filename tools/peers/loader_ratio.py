#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the data path of model_search_bench with what a user would run in its place.

Peers, each in a fresh process per round, on the same folder, batch size and number of workers:
  dataloader        torchvision's ImageFolder in PyTorch's DataLoader (worker processes)
  tuned_dataloader  the same tuned as PyTorch's documentation says: pinned memory, persistent
                    workers, prefetching, uint8 to --device, which normalizes
  torchvision_gpu   torchvision.io.decode_jpeg of lists, resizing and normalizing on --device
  dali              NVIDIA DALI's pipeline on the CPU (threads)
  dali_mixed        DALI's mixed pipeline, which decodes on a GPU
  libjpeg_turbo     only decodes whole images from memory (threads): an upper limit, not a loader
  end_to_end        the original study's pipeline with a network (--architecture), item for item

end_to_end is compared with our EndToEnd rows, the others with our LoadData rows. Batches of
tuned_dataloader, torchvision_gpu and dali_mixed are complete on --device, those of the other peers
in host memory; they are compared with those rows of ours that end there too. Figures are items per
second in the steady state. The column "First pass" compares a first pass over every item, which
includes the start of the workers. The sides run in random order.
A ratio says how many times as fast ours is as the peer: above 1, ours is faster.

Exit codes: 0 every median ratio reaches --min-ratio, 1 one does not, 2 bad input or a side failed.
"""

import argparse
import dataclasses
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python
import termination

project_python.require("torch", "torchvision", "rich")

from compare.ratios import Figure, Ratio, exit_code, ratios  # noqa: E402
from results import schema  # noqa: E402

from peers import flags, our_loader, peer_process, ratio_table  # noqa: E402
from peers.loader_setting import LoaderSetting  # noqa: E402
from peers.peer_process import PeerError  # noqa: E402
from peers.precisions import PRECISIONS  # noqa: E402
from peers.rounds import Rounds, collect  # noqa: E402
from peers.rows import PeerResult  # noqa: E402

RATE = Figure(our_loader.rate, more_is_faster=True)
FIRST_PASS = Figure(lambda row: row.get("first_pass_items_per_second"), more_is_faster=True)
PACKAGES = ("torch", "torchvision", "pillow", "nvidia-dali-cuda130")
_PEERS = (
    "dataloader", "tuned_dataloader", "torchvision_gpu", "dali", "dali_mixed", "libjpeg_turbo",
    "end_to_end",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _check(options)
        rounds = collect(measure(options), options.output)
    except (PeerError, OSError) as error:
        print(f"loader_ratio.py: {error}", file=sys.stderr)
        return 2
    found = sorted(ratios(rounds.measured, RATE), key=_place)
    show(found, ratios(rounds.measured, FIRST_PASS), options.min_ratio)
    alone = [peer for peer in options.peers if all(ratio.peer != peer for ratio in found)]
    for peer in alone:
        print(
            f"loader_ratio.py: --peers={peer}: no row of ours has its batches complete where this "
            "peer has (host memory or GPU); give a decoder that does, as --ours=--decoders=nvjpeg",
            file=sys.stderr,
        )
    return exit_code(found, options.min_ratio) or (2 if alone else 0)


def measure(options: argparse.Namespace) -> Iterator[Rounds]:
    """All sides for each number of workers, --rounds times: all rounds so far after each."""
    order = random.Random(options.seed)
    rounds = Rounds(PACKAGES)
    given = flags.program_flags(options.ours)
    for index in range(options.rounds):
        for workers in options.workers:
            loading = _setting(options, workers)
            search = dataclasses.replace(loading, architecture=options.architecture)
            sides = [("ours", loading), *((peer, loading) for peer in options.peers)]
            if "end_to_end" in options.peers:
                sides.remove(("end_to_end", loading))
                sides += [("ours", search), ("end_to_end", search)]
            order.shuffle(sides)
            for side, setting in sides:
                if sys.stderr.isatty():
                    step = "EndToEnd" if setting.architecture else "LoadData"
                    print(f"Round {index + 1}, {workers} workers: {side}, {step}", file=sys.stderr)
                if side == "ours":
                    rows, context = our_loader.run(options.binary, setting, given)
                    for row in rows:
                        rounds.add_ours(index, setting.ending(row["name"]), [row], context)
                else:
                    name, result = setting.row_name(side), _peer(side, setting, options.binary)
                    rounds.add_peer(index, setting.ending(name), side, name, result)
        yield rounds


def _setting(options: argparse.Namespace, workers: int) -> LoaderSetting:
    """Each worker of a DataLoader makes a whole batch, so batches come in waves of `workers`: every
    side warms up and is timed for whole waves."""
    warmup, timed = (
        -(-count // workers) * workers
        for count in (options.warmup_batches, options.batches - options.warmup_batches)
    )
    return LoaderSetting(
        folder=str(options.data_dir.resolve()),
        workers=workers,
        batch=options.batch,
        batches=warmup + timed,
        warmup_batches=warmup,
        device=options.device,
        precision=options.precision,
    )


def _peer(side: str, setting: LoaderSetting, binary: Path) -> PeerResult:
    if side == "libjpeg_turbo":
        return our_loader.bare_decode(binary, setting)
    return peer_process.result(f"{side}_peer", vars(setting), {"OMP_NUM_THREADS": "1"})


def _check(options: argparse.Namespace) -> None:
    if "end_to_end" in options.peers and not options.architecture:
        raise PeerError("--peers=end_to_end needs --architecture")
    if "dali_mixed" in options.peers and options.device == "cpu":
        raise PeerError("--peers=dali_mixed: it decodes on a GPU; give --device=cuda")
    flags.require_precision(options.precision, options.device)
    flags.require_peers(options.min_ratio, options.peers)
    flags.require_measured("batches", options.batches, options.warmup_batches)
    if not (options.data_dir / "train").is_dir():
        raise PeerError(f"--data-dir={options.data_dir}: it has no folder 'train'")
    flags.require_program(options.binary)


def _place(ratio: Ratio) -> tuple:
    return ratio.group.architecture != "", ratio.peer, ratio.group.workers, ratio.name


def show(found: list[Ratio], first_passes: list[Ratio], minimums: dict[str, float]) -> None:
    passes = {(each.group, each.name, each.peer): each for each in first_passes}

    def first_pass(ratio: Ratio) -> str:
        """Empty where a side has none: searches, and libjpeg_turbo."""
        both = passes[(ratio.group, ratio.name, ratio.peer)]
        return f"{both.median:.3f}" if both.rounds else ""

    ratio_table.show(
        "Items per second: medians over rounds",
        found,
        {
            "Ours": lambda ratio: ratio.name,
            "Peer": lambda ratio: ratio.peer,
            "Workers": lambda ratio: str(ratio.group.workers),
        },
        {
            "Ours (items/s)": lambda ratio: f"{ratio.ours:,.0f}",
            "Peer (items/s)": lambda ratio: f"{ratio.theirs:,.0f}",
        },
        minimums,
        {"First pass": first_pass},
    )


def _parser() -> argparse.ArgumentParser:
    parser = flags.Parser("loader_ratio.py", __doc__, _PEERS)
    add = parser.add_argument
    add("--data-dir", type=Path, required=True, help="photographs, as DIR/train/<class>/*")
    add(
        "--peers",
        type=flags.names_of(_PEERS),
        default=("dataloader", "dali"),
        metavar="LIST",
        help=f"of {', '.join(_PEERS)} (default: dataloader,dali)",
    )
    add("--workers", type=flags.positive_list, default=(1, 2), metavar="LIST", help="default: 1,2")
    add("--batch", type=flags.positive, default=128)
    add("--batches", type=flags.positive, default=16, help="per round, warm-up included; both "
        "this rest and the warm-up are rounded up to multiples of the workers")  # fmt: skip
    add("--warmup-batches", type=flags.positive, default=4)
    add("--rounds", type=flags.positive, default=3)
    add("--seed", type=int, default=0, help="of the random order")
    add("--architecture", default="", metavar="NAME", help="the network of end_to_end")
    add(
        "--device",
        choices=("cpu", "cuda"),
        default="cpu",
        help="of end_to_end and of ours (default: %(default)s)",
    )
    add("--precision", choices=tuple(PRECISIONS), default=schema.DEFAULTS["precision"])
    parser.add_ours("--ours=--decoders=turbojpeg,nvjpeg")
    return parser


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
