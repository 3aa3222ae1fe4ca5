#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare LoadModel of model_search_bench with Python's ways to load a checkpoint.

Peers, each in a fresh process per round, on a file with the same tensors:
  torch_load        torchvision's module with random weights, torch.load(weights_only=True),
                    load_state_dict, .to(device)
  safetensors       the same with safetensors.torch.load_file
  torch_load_mmap   torch_load with mmap=True
  torch_load_meta, torch_load_mmap_meta, safetensors_meta
                    these with the module on the device `meta`, which initializes nothing; the
                    module takes over the tensors that were read (assign=True)
  safetensors_device_meta
                    safetensors_meta with load_file(device=...): tensors go straight to the device

A side loads full networks --loads times, from warm or cold pages of the file; its figure is the
median of a load. On a CPU safetensors_meta, safetensors_device_meta and torch_load_mmap_meta leave
their tensors in a mapping of the file, whose page faults the first inference takes, while ours
copies every tensor out of the page cache. The column "With first inference" therefore compares load
and first inference together. The sides run in random order. A ratio says how many times as fast
ours is as the peer: above 1, ours is faster.

The files are written to --weights-dir once, with random weights.

Exit codes: 0 every median ratio reaches --min-ratio, 1 one does not, 2 bad input or a side failed.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python
import termination

project_python.require("torch", "torchvision", "safetensors", "rich")

from compare.ratios import Figure, Ratio, exit_code, ratios  # noqa: E402
from results import schema  # noqa: E402

from peers import flags, load_files, our_loads, peer_process, ratio_table  # noqa: E402
from peers.load_peer import SIDES  # noqa: E402
from peers.load_setting import LoadSetting  # noqa: E402
from peers.peer_process import PeerError  # noqa: E402
from peers.rounds import Rounds, collect  # noqa: E402
from peers.rows import PeerResult  # noqa: E402

LOAD = Figure(lambda row: row["p50"], more_is_faster=False)
WITH_INFERENCE = Figure(
    lambda row: row["p50"] + row["first_inference_seconds"], more_is_faster=False
)
PACKAGES = ("torch", "torchvision", "safetensors", "transformers")
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "model-search-bench"
_PAGE_CACHES = tuple(schema.AXES["page_cache"].values)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _check(options)
        for architecture in options.architectures:
            load_files.ensure(options.weights_dir, architecture)
        rounds = collect(measure(options), options.output)
    except (PeerError, OSError) as error:
        print(f"load_ratio.py: {error}", file=sys.stderr)
        return 2
    found = ratios(rounds.measured, LOAD)
    show(found, ratios(rounds.measured, WITH_INFERENCE), options)
    return exit_code(found, options.min_ratio)


def measure(options: argparse.Namespace) -> Iterator[Rounds]:
    """All sides for each network and state of the page cache, --rounds times: all rounds so far
    after each."""
    order = random.Random(options.seed)
    rounds = Rounds(PACKAGES)
    given = flags.program_flags(options.ours)
    for index in range(options.rounds):
        for setting in _settings(options):
            sides = ["ours", *options.peers]
            order.shuffle(sides)
            for side in sides:
                if sys.stderr.isatty():
                    where = f"{setting.architecture}, {setting.page_cache}"
                    print(f"Round {index + 1}, {where}: {side}", file=sys.stderr)
                if side == "ours":
                    rounds.add_ours(index, setting, *our_loads.run(options.binary, setting, given))
                else:
                    name, result = setting.row_name(side), _peer(side, setting)
                    rounds.add_peer(index, setting, side, name, result)
        yield rounds


def _settings(options: argparse.Namespace) -> list[LoadSetting]:
    return [
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


def _peer(side: str, setting: LoadSetting) -> PeerResult:
    given = {"side": side, "setting": vars(setting)}
    return peer_process.result("load_peer", given, {"OMP_NUM_THREADS": str(setting.threads)})


def _check(options: argparse.Namespace) -> None:
    flags.require_measured("loads", options.loads, options.warmup_loads)
    flags.require_peers(options.min_ratio, options.peers)
    texts = [name for name in options.architectures if schema.architecture(name).input == "text"]
    if texts and any(peer.endswith("_meta") for peer in options.peers):
        raise PeerError(
            f"--architectures={texts[0]}: transformers' networks have buffers that no checkpoint "
            "has, so they cannot start on the device meta; leave the peers …_meta out of --peers"
        )
    flags.require_program(options.binary)


def show(found: list[Ratio], with_inference: list[Ratio], options: argparse.Namespace) -> None:
    together = {(ratio.group, ratio.name, ratio.peer): ratio for ratio in with_inference}
    ratio_table.show(
        f"Seconds per load, {options.threads} threads: medians over rounds",
        found,
        {"Ours": lambda ratio: ratio.name, "Peer": lambda ratio: ratio.peer},
        {
            "Ours (ms)": lambda ratio: f"{1e3 * ratio.ours:.1f}",
            "Peer (ms)": lambda ratio: f"{1e3 * ratio.theirs:.1f}",
        },
        options.min_ratio,
        {"With first inference": lambda r: f"{together[(r.group, r.name, r.peer)].median:.3f}"},
    )


def _parser() -> argparse.ArgumentParser:
    parser = flags.Parser("load_ratio.py", __doc__, SIDES)
    add = parser.add_argument
    add(
        "--weights-dir",
        type=Path,
        default=_CACHE / "peer_weights",
        help="the folder of the checkpoints (default: %(default)s)",
    )
    parser.add_architectures("resnet50", "vit_b_16")
    add(
        "--peers",
        type=flags.names_of(SIDES),
        default=SIDES,
        metavar="LIST",
        help=f"of {', '.join(SIDES)}",
    )
    add("--page-caches", type=flags.names_of(_PAGE_CACHES), default=_PAGE_CACHES, metavar="LIST")
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--threads", type=flags.positive, default=len(os.sched_getaffinity(0)), help="of the CPU")
    add("--loads", type=flags.positive, default=15, help="per side and round, warm-up included")
    add("--warmup-loads", type=flags.positive, default=3)
    add("--rounds", type=flags.positive, default=3)
    add("--seed", type=int, default=0, help="of the random order")
    parser.add_ours("--ours=--reads=buffered,mmap")
    return parser


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
