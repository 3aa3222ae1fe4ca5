#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare inference of model_search_bench with Python's PyTorch in alternating rounds.

Each round runs a fresh process of either side over all networks and batch sizes, and which side
goes first changes from round to round. A ratio above 1 means that ours is slower.

Python's side is torchvision's network with its classifier taken off, or transformers' BertModel or
RobertaModel (sdpa attention, no pooler), with random weights, in inference mode. Where it differs
from ours: its images are noise, and its texts random ids with a mask, of lengths drawn as those of
our default text set are, while ours are images and texts that were read; both sides pad texts to
--max_length, run masked attention and give the class token as features. transformers looks at the
mask's values in each forward, which waits for a GPU; ours never does. With --execution=cuda_graph
either side captures its forward pass once and copies each batch into the graph's input before it
replays it.

Exit codes: 0 within --max-ratio, 1 a median ratio exceeds it, 2 bad input or a side failed.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python

project_python.require("torch", "torchvision", "transformers", "rich")

from results import schema  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from peers import kept, our_inference, ratio_results, torch_inference  # noqa: E402
from peers.ratios import Ratio, Round, exit_code, ratios  # noqa: E402
from peers.sample import DEFAULT_MAX_LENGTH, PeerError, Setting  # noqa: E402

_BINARY = Path(__file__).parents[2] / "build" / "release" / "model_search_bench"
_SHORTEST = 3  # The two special tokens and a word.


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    setting = Setting(
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
    try:
        if options.execution == "cuda_graph" and options.device == "cpu":
            raise PeerError("--execution=cuda_graph: a CPU has no CUDA graphs; give --device=cuda")
        if options.batches <= options.warmup_batches:
            raise PeerError(
                f"--batches={options.batches}: counts the {options.warmup_batches} warm-up "
                "batches in, so it must be larger"
            )
        rounds, _ = kept.all_rounds(
            measure(options.binary, setting, options.rounds),
            lambda so_far: ratio_results.document(so_far[0], setting, so_far[1]),
            options.output,
        )
    except (PeerError, OSError) as error:
        print(f"inference_ratio.py: {error}", file=sys.stderr)
        return 2
    found = ratios(rounds, setting)
    show(found, setting, options.max_ratio)
    return exit_code(found, options.max_ratio)


def measure(binary: Path, setting: Setting, count: int) -> Iterator[tuple[list[Round], dict]]:
    """`count` rounds: all so far after each, and the context of our program."""
    if not binary.is_file():
        raise PeerError(f"{binary}: no such program; build it, or name it with --binary")
    rounds: list[Round] = []
    context: dict = {}
    for index in range(count):
        if sys.stderr.isatty():
            print(f"Round {index + 1} of {count}", file=sys.stderr)
        if index % 2 == 0:
            ours, context = our_inference.run(binary, setting)
            python = torch_inference.run(setting)
        else:
            python = torch_inference.run(setting)
            ours, context = our_inference.run(binary, setting)
        rounds.append(Round(ours, python))
        yield rounds, context


def show(found: list[Ratio], setting: Setting, max_ratio: float | None) -> None:
    where = f"cpu, {setting.threads} threads" if setting.device == "cpu" else setting.device
    how = f"precision {setting.precision}, {setting.layout}, {setting.execution}"
    table = Table(title=f"Inference, {where}, {how}: median per batch")
    for column in ("Network", "Batch"):
        table.add_column(column)
    for column in ("Ours (ms)", "Python (ms)", "Ours / Python", "Rounds, min to max"):
        table.add_column(column, justify="right")
    for ratio in found:
        if ratio.error:
            table.add_row(ratio.architecture, str(ratio.batch), "", "", "failed", ratio.error)
            continue
        mark = " (too slow)" if max_ratio is not None and ratio.median > max_ratio else ""
        table.add_row(
            ratio.architecture,
            str(ratio.batch),
            f"{1e3 * ratio.ours:.2f}",
            f"{1e3 * ratio.python:.2f}",
            f"{ratio.median:.3f}{mark}",
            f"{min(ratio.rounds):.3f} to {max(ratio.rounds):.3f}",
        )
    # A log has no width of its own; keep every column whole there.
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="inference_ratio.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--binary", type=Path, default=_BINARY, help="model_search_bench (default: %(default)s)")
    add(
        "--architectures",
        type=_names,
        default=("resnet18", "resnet50"),
        metavar="LIST",
        help="or 'all' (default: resnet18,resnet50)",
    )
    add("--batch_sizes", type=_sizes, metavar="LIST", help="default: 8 on cpu, 128 on cuda")
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--threads", type=_positive, default=len(os.sched_getaffinity(0)), help="of the CPU")
    add(
        "--precision",
        choices=tuple(torch_inference.PRECISIONS),
        default=schema.DEFAULTS["precision"],
    )
    add("--layout", choices=schema.AXES["layout"].values, default=schema.DEFAULTS["layout"])
    add("--execution", choices=schema.AXES["execution"].values,
        default=schema.DEFAULTS["execution"], help="on a GPU")  # fmt: skip
    add("--rounds", type=_positive, default=5)
    add("--batches", type=_positive, default=25, help="per round, warm-up included")
    add("--warmup_batches", type=_positive, default=5)
    add(
        "--max_length",
        type=_length,
        default=DEFAULT_MAX_LENGTH,
        metavar="N",
        help="tokens that every text is padded or cut to (default: %(default)s)",
    )
    add("--max-ratio", type=float, metavar="R", help="exit with 1 when a median ratio exceeds R")
    add("-o", "--output", type=Path, metavar="FILE", help="write Google Benchmark JSON")
    return parser


def _names(text: str) -> tuple[str, ...]:
    if text == "all":
        return tuple(schema.ARCHITECTURES)
    names = tuple(name for name in text.split(",") if name)
    for name in names:
        try:
            schema.architecture(name)
        except KeyError as error:
            raise argparse.ArgumentTypeError(error.args[0]) from None
    return names


def _length(text: str) -> int:
    number = int(text)
    if not _SHORTEST <= number <= DEFAULT_MAX_LENGTH:
        choices = f"{_SHORTEST} to {DEFAULT_MAX_LENGTH}"
        raise argparse.ArgumentTypeError(f"{text} is not among the supported {choices} tokens")
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_positive(part) for part in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
