#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare LoadModel of model_search_bench with what a user would run in its place.

Peers, each in a fresh process per round, on a file with the same tensors:
  torch_load        torchvision's module with its random start, torch.load(weights_only=True),
                    load_state_dict, .to(device)
  safetensors       the same with safetensors.torch.load_file
  torch_load_meta   the module on the device `meta`, which starts nothing; the tensors that were
  safetensors_meta  read become its own (assign=True)

A side loads full networks --loads times, from warm or cold pages of the file; the figure is the
median of a load. Ours copies every tensor out of the page cache; safetensors_meta on a CPU leaves
them in a mapping of the file, whose page faults the first inference takes: so the ratio of load and
first inference together stands beside that of loads. The sides take turns in an order that is drawn
anew each round. A ratio above 1 means that ours is faster.

The files are written once, with random weights, to --weights_dir.

Exit codes: 0 all ratios reach --min-ratio, 1 one does not, 2 bad input or a side failed.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python

project_python.require("torch", "torchvision", "safetensors", "rich")

from results import schema  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from peers import flags, kept, load_files, load_rounds, our_loads, peer_process  # noqa: E402
from peers.load_peer import SIDES  # noqa: E402
from peers.load_rounds import Ratio, Rounds  # noqa: E402
from peers.load_setting import Loaded, LoadSetting  # noqa: E402
from peers.sample import PeerError  # noqa: E402

_BINARY = Path(__file__).parents[2] / "build" / "release" / "model_search_bench"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "model-search-bench"
_PAGE_CACHES = tuple(schema.AXES["page_cache"].values)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _check(options)
        for architecture in options.architectures:
            load_files.ensure(options.weights_dir, architecture)
        rounds = kept.all_rounds(measure(options), load_rounds.document, options.output)
    except (PeerError, OSError) as error:
        print(f"load_ratio.py: {error}", file=sys.stderr)
        return 2
    found = load_rounds.ratios(rounds)
    show(found, options)
    return load_rounds.exit_code(found, options.min_ratio)


def measure(options: argparse.Namespace) -> Iterator[Rounds]:
    """All sides for each network and state of the page cache, --rounds times: all so far after
    each round."""
    order = random.Random(options.seed)
    rounds = Rounds()
    given = dict(flag.removeprefix("--").split("=", 1) for flag in options.ours)
    settings = [
        LoadSetting(
            folder=str(options.weights_dir.resolve()),
            architecture=architecture,
            page_cache=page_cache,
            device=options.device,
            threads=options.threads,
            loads=options.loads,
            warmup_loads=options.warmup_loads,
        )
        for architecture in options.architectures
        for page_cache in options.page_caches
    ]
    for index in range(options.rounds):
        for setting in settings:
            sides = ["ours", *options.peers]
            order.shuffle(sides)
            for side in sides:
                if sys.stderr.isatty():
                    where = f"{setting.architecture}, {setting.page_cache}"
                    print(f"Round {index + 1}, {where}: {side}", file=sys.stderr)
                if side == "ours":
                    rows, context = our_loads.run(options.binary, setting, given)
                    rounds.add_ours(index, setting, rows, context)
                else:
                    rounds.add_peer(index, setting, _peer(side, setting))
        yield rounds


def _peer(side: str, setting: LoadSetting) -> Loaded:
    """A peer that fails is a row of its own and loses nobody else's."""
    threads = {"OMP_NUM_THREADS": str(setting.threads)}
    try:
        given = {"side": side, "setting": vars(setting)}
        return Loaded(**peer_process.run_json("load_peer", given, threads))
    except PeerError as error:
        return Loaded(side, setting.architecture, setting.page_cache, error=str(error))


def _check(options: argparse.Namespace) -> None:
    if options.loads <= options.warmup_loads:
        raise PeerError(
            f"--loads={options.loads}: counts the {options.warmup_loads} warm-up loads in, so it "
            "must be larger"
        )
    for name in options.min_ratio:
        if name not in options.peers:
            raise PeerError(f"--min-ratio={name}=…: it is not among --peers={_joined(options)}")
    texts = [name for name in options.architectures if schema.architecture(name).input == "text"]
    if texts and any(peer.endswith("_meta") for peer in options.peers):
        raise PeerError(
            f"--architectures={texts[0]}: transformers' networks have buffers that no checkpoint "
            "holds, so they cannot start on the device meta; leave the peers …_meta out"
        )
    if not options.binary.is_file():
        raise PeerError(f"{options.binary}: no such program; build it, or give --binary")


def _joined(options: argparse.Namespace) -> str:
    return ",".join(options.peers)


def show(found: list[Ratio], options: argparse.Namespace) -> None:
    table = Table(title=f"Seconds per load, {options.threads} threads: medians over rounds")
    for column in ("Ours", "Peer"):
        table.add_column(column, overflow="fold")
    for column in ("Ours (ms)", "Peer (ms)", "Peer / ours", "Rounds", "With first inference"):
        table.add_column(column, justify="right")
    for ratio in found:
        if ratio.error:
            table.add_row(ratio.name, ratio.peer, "", "", "failed", ratio.error)
            continue
        bar = options.min_ratio.get(ratio.peer)
        mark = f" (below {bar:g})" if bar is not None and ratio.median < bar else ""
        table.add_row(
            ratio.name,
            ratio.peer,
            f"{1e3 * ratio.ours:.1f}",
            f"{1e3 * ratio.theirs:.1f}",
            f"{ratio.median:.2f}{mark}",
            f"{min(ratio.rounds):.2f} to {max(ratio.rounds):.2f}",
            f"{ratio.with_inference:.2f}",
        )
    # A log has no width of its own; keep every column whole there.
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="load_ratio.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--binary", type=Path, default=_BINARY, help="model_search_bench (default: %(default)s)")
    add(
        "--weights_dir",
        type=Path,
        default=_CACHE / "peer_weights",
        help="where the checkpoints lie or are written (default: %(default)s)",
    )
    add(
        "--architectures",
        type=flags.names_of(tuple(schema.ARCHITECTURES)),
        default=("resnet50", "vit_b_16"),
        metavar="LIST",
        help="default: resnet50,vit_b_16",
    )
    add(
        "--peers",
        type=flags.names_of(SIDES),
        default=SIDES,
        metavar="LIST",
        help=f"of {', '.join(SIDES)}",
    )
    add("--page_caches", type=flags.names_of(_PAGE_CACHES), default=_PAGE_CACHES, metavar="LIST")
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--threads", type=flags.positive, default=len(os.sched_getaffinity(0)), help="of the CPU")
    add("--loads", type=flags.positive, default=15, help="per side and round, warm-up included")
    add("--warmup_loads", type=flags.positive, default=3)
    add("--rounds", type=flags.positive, default=3)
    add("--seed", type=int, default=0, help="of the order of the sides")
    add(
        "--ours",
        action="append",
        default=[],
        metavar="--FLAG=VALUE",
        help="another flag of our side, as --ours=--reads=buffered,mmap; may be given again",
    )
    add(
        "--min-ratio",
        type=flags.bar_of(SIDES),
        action=flags.Bars,
        default={},
        metavar="PEER=R",
        help="exit with 1 when a median ratio to a peer is below R; may be given several times",
    )
    add("-o", "--output", type=Path, metavar="FILE", help="write Google Benchmark JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
