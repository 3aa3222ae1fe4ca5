#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare inference of model_search_bench with what PyTorch's compiler makes of the same network.

Peers, all of one network in one process that stays for all rounds:
  eager         torchvision's or transformers' module as it is
  eager_graph   the same in a CUDA graph
  compile       torch.compile in its default mode, for fixed shapes
  frozen_graph  torch.compile with Inductor's freezing (weights are constants) in a CUDA graph

Both sides have the same weights: those of --weights-dir, or our program's random ones. Images are
photographs of --data-dir (noise without it), texts random ids as in inference_ratio.py; networks
with convolutions have channels last. Each way's features are compared with strict float32's
(`feature_distance`, as in our rows). Compiling and capturing are not in the times; the JSON has
`compile_seconds` and `capture_seconds`. --jobs prepares several networks at once, which takes less
time in all and makes each `compile_seconds` longer. Then, network after network, our program and
the peers take turns. A ratio says how many times as fast ours is as the peer: above 1, ours is
faster. On a CPU frozen_graph has no graph.

Exit codes: 0 every median ratio reaches --min-ratio, 1 one does not, 2 bad input or a side failed.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python
import termination

project_python.require("torch", "torchvision", "transformers", "safetensors", "rich")

from compare.ratios import Figure, Ratio, exit_code, ratios  # noqa: E402
from results import benchmark_name  # noqa: E402

from peers import compiled_flags, compiled_sides, program_weights, ratio_table  # noqa: E402
from peers.compiled_setting import CompiledSetting  # noqa: E402
from peers.compiled_sides import Peers  # noqa: E402
from peers.peer_process import PeerError  # noqa: E402
from peers.rounds import Rounds, collect  # noqa: E402

SECONDS = Figure(lambda row: row.get("p50"), more_is_faster=False)
PACKAGES = ("torch", "torchvision", "transformers", "triton")


def main(arguments: list[str] | None = None) -> int:
    options = compiled_flags.parser(__doc__).parse_args(arguments)
    try:
        compiled_flags.check(options)
        if not options.weights_dir:
            program_weights.ensure(options.binary, options.architectures, options.cache_dir)
        settings = compiled_flags.settings(options)
        with contextlib.ExitStack() as stack:
            peers = _prepared(settings, options, stack)
            rounds = collect(measure(peers, options), options.output, of=" of a network")
    except (PeerError, OSError) as error:
        print(f"compiled_ratio.py: {error}", file=sys.stderr)
        return 2
    found = ratios(rounds.measured, SECONDS)
    show(found, rounds, options.min_ratio)
    return exit_code(found, options.min_ratio)


def _prepared(
    settings: list[CompiledSetting], options: argparse.Namespace, stack: contextlib.ExitStack
) -> list[Peers]:
    """All peers, ready to be measured, and ended with the stack."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="inductor-"))
    try:
        return compiled_sides.prepared(settings, options.jobs, folder, stack)
    except KeyboardInterrupt:
        raise PeerError("interrupted while networks were compiled") from None


def measure(all_peers: list[Peers], options: argparse.Namespace) -> Iterator[Rounds]:
    """All rounds of a network before the next one: the rounds so far after each."""
    rounds = Rounds(PACKAGES)
    for peers in all_peers:
        for index in range(options.rounds):
            setting = peers.setting
            if sys.stderr.isatty():
                where = f"{setting.architecture}, {setting.precision}"
                print(f"{where}: round {index + 1} of {options.rounds}", file=sys.stderr)
            if index % 2 == 0:
                ours, context = compiled_sides.ours(setting, options)
                theirs = peers.round()
            else:
                theirs = peers.round()
                ours, context = compiled_sides.ours(setting, options)
            for row in ours:
                batch = benchmark_name.parse(row["name"]).batch
                rounds.add_ours(index, setting.group(batch), [row], context)
            for (peer, batch), result in theirs.items():
                name = setting.row_name(peer, batch)
                rounds.add_peer(index, setting.group(batch), peer, name, result)
            yield rounds
        peers.end()


def show(found: list[Ratio], rounds: Rounds, minimums: dict[str, float]) -> None:
    rows = {(each.group, each.peer, each.row["name"]): each.row for each in rounds.measured}
    peers = {(group, peer): row for (group, peer, _), row in rows.items() if peer}

    def distances(ratio: Ratio) -> str:
        both = rows[ratio.group, "", ratio.name], peers[ratio.group, ratio.peer]
        return " / ".join(f"{row.get('feature_distance', float('nan')):.2g}" for row in both)

    def preparing(ratio: Ratio) -> str:
        row = peers[ratio.group, ratio.peer]
        return f"{row['compile_seconds']:.0f}" if "compile_seconds" in row else ""

    ratio_table.show(
        "Inference: median per batch",
        found,
        {"Ours": lambda ratio: ratio.name, "Peer": lambda ratio: ratio.peer},
        {
            "Ours (ms)": lambda ratio: f"{1e3 * ratio.ours:.2f}",
            "Peer (ms)": lambda ratio: f"{1e3 * ratio.theirs:.2f}",
        },
        minimums,
        {"Distance to fp32, ours / peer": distances, "Compiling (s)": preparing},
    )


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
