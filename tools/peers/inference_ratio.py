#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare inference of model_search_bench with Python's PyTorch in alternating rounds.

Each round runs a fresh process of each side over all networks and batch sizes; the side that goes
first alternates. A ratio says how many times as fast ours is as Python: above 1, ours is faster.

Python's side is torchvision's network without its classifier, or transformers' BertModel or
RobertaModel (sdpa attention, no pooler), with random weights, in inference mode. It differs from
ours in two ways. Its images are noise, and its texts are random ids with a mask, with lengths from
the distribution of our default text set; ours are read images and texts. And transformers reads
the values of the mask in each forward pass, which waits for a GPU; ours does not. Both sides pad
texts to --max-length, run masked attention and give the class token as features. With
--execution=cuda_graph and fused_graph each side captures its forward pass once, and copies each
batch into the input of the graph before it replays the graph.

Exit codes: 0 every median ratio reaches --min-ratio, 1 one does not, 2 bad input or a side failed.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python
import termination

project_python.require("torch", "torchvision", "transformers", "rich")

from compare.ratios import Figure, Ratio, exit_code, ratios  # noqa: E402
from results import schema  # noqa: E402

from peers import flags, our_inference, ratio_table, torch_inference  # noqa: E402
from peers.inference_setting import DEFAULT_MAX_LENGTH, InferenceSetting  # noqa: E402
from peers.peer_process import PeerError  # noqa: E402
from peers.precisions import PRECISIONS  # noqa: E402
from peers.rounds import Rounds, collect  # noqa: E402
from peers.rows import PeerResult, peer_row  # noqa: E402

SECONDS = Figure(lambda row: row.get("p50"), more_is_faster=False)
_SHORTEST = 3  # tokens: the two special ones and a word
_UNMEASURED = PeerResult(error="no measurement")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    setting = _setting(options)
    try:
        if setting.in_graph and options.device == "cpu":
            raise PeerError(
                f"--execution={options.execution}: a CPU has no CUDA graphs; give --device=cuda"
            )
        flags.require_precision(options.precision, options.device)
        flags.require_measured("batches", options.batches, options.warmup_batches)
        flags.require_program(options.binary)
        rounds = collect(measure(options.binary, setting, options.rounds), options.output)
    except (PeerError, OSError) as error:
        print(f"inference_ratio.py: {error}", file=sys.stderr)
        return 2
    found = ratios(rounds.measured, SECONDS)
    show(found, setting, options.min_ratio)
    return exit_code(found, options.min_ratio)


def measure(binary: Path, setting: InferenceSetting, count: int) -> Iterator[Rounds]:
    """`count` rounds: all so far after each."""
    rounds = Rounds(("torch", "torchvision", "transformers"))
    for index in range(count):
        if sys.stderr.isatty():
            print(f"Round {index + 1} of {count}", file=sys.stderr)
        if index % 2 == 0:
            ours, context = our_inference.run(binary, setting)
            python = torch_inference.run(setting)
        else:
            python = torch_inference.run(setting)
            ours, context = our_inference.run(binary, setting)
        for group in setting.groups:
            result = python.get(group, _UNMEASURED)
            row = ours.get(group) or peer_row(setting.row_name(*group), _UNMEASURED)
            theirs = result.counters.get("p50", 0.0)
            if theirs > 0 and row.get("p50", 0.0) > 0:
                row["ratio_to_python"] = row["p50"] / theirs  # of times: above 1, ours is slower
            rounds.add_ours(index, group, [row], context)
            rounds.add_peer(index, group, "python", setting.row_name(*group, "python"), result)
        yield rounds


def show(found: list[Ratio], setting: InferenceSetting, minimums: dict[str, float]) -> None:
    where = f"cpu, {setting.threads} threads" if setting.device == "cpu" else setting.device
    how = f"precision {setting.precision}, {setting.layout}, {setting.execution}"
    ratio_table.show(
        f"Inference, {where}, {how}: median per batch",
        found,
        {"Network": lambda ratio: ratio.group[0], "Batch": lambda ratio: str(ratio.group[1])},
        {
            "Ours (ms)": lambda ratio: f"{1e3 * ratio.ours:.2f}",
            "Python (ms)": lambda ratio: f"{1e3 * ratio.theirs:.2f}",
        },
        minimums,
        {},
    )


def _setting(options: argparse.Namespace) -> InferenceSetting:
    return InferenceSetting(
        architectures=options.architectures,
        batch_sizes=options.batch_sizes or ((8,) if options.device == "cpu" else (128,)),
        device=options.device,
        threads=options.threads,
        precision=options.precision,
        batches=options.batches,
        warmup_batches=options.warmup_batches,
        max_length=options.max_length,
        layout=options.layout,
        execution=options.execution,
    )


def _parser() -> argparse.ArgumentParser:
    parser = flags.Parser("inference_ratio.py", __doc__, ("python",))
    add = parser.add_argument
    add("--max-ratio", type=flags.ratio, action=flags.MaxRatio, help=argparse.SUPPRESS)
    parser.add_architectures("resnet18", "resnet50")
    add(
        "--batch-sizes",
        type=flags.positive_list,
        metavar="LIST",
        help="default: 8 on cpu, 128 on cuda",
    )
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--threads", type=flags.positive, default=len(os.sched_getaffinity(0)), help="of the CPU")
    add("--precision", choices=tuple(PRECISIONS), default=schema.DEFAULTS["precision"])
    add("--layout", choices=schema.AXES["layout"].values, default=schema.DEFAULTS["layout"])
    add(
        "--execution",
        choices=schema.AXES["execution"].values,
        default=schema.DEFAULTS["execution"],
        help="on a GPU",
    )
    add("--rounds", type=flags.positive, default=5)
    add("--batches", type=flags.positive, default=25, help="per round, warm-up included")
    add("--warmup-batches", type=flags.positive, default=5)
    add(
        "--max-length",
        type=_length,
        default=DEFAULT_MAX_LENGTH,
        metavar="N",
        help="tokens that every text is padded or cut to (default: %(default)s)",
    )
    return parser


def _length(text: str) -> int:
    number = flags.positive(text)
    if not _SHORTEST <= number <= DEFAULT_MAX_LENGTH:
        raise argparse.ArgumentTypeError(
            f"{text} tokens are not supported; give {_SHORTEST} to {DEFAULT_MAX_LENGTH}"
        )
    return number


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
