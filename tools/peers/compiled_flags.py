# SPDX-License-Identifier: Apache-2.0
"""The flags of compiled_ratio.py, and the settings that they ask for."""

import argparse
import os
from pathlib import Path

from results import schema

from peers import flags, program_weights
from peers.compiled_setting import CompiledSetting
from peers.forward import WAYS
from peers.peer_process import PeerError
from peers.precisions import PRECISIONS

_EXECUTIONS = schema.AXES["execution"].values


def parser(description: str) -> argparse.ArgumentParser:
    made = flags.Parser("compiled_ratio.py", description, tuple(WAYS))
    add = made.add_argument
    made.add_architectures("resnet18", "resnet50")
    add(
        "--executions",
        type=_executions,
        metavar="LIST",
        help=f"of ours: all, graphs (those that replay one), or of {', '.join(_EXECUTIONS)} "
        "(default: all, on a CPU eager)",
    )
    add(
        "--peers",
        type=flags.names_of(tuple(WAYS)),
        default=tuple(WAYS),
        metavar="LIST",
        help=f"of {', '.join(WAYS)} (default: all that the device has)",
    )
    add("--precisions", type=flags.names_of(tuple(PRECISIONS)), metavar="LIST",
        help="default: bf16,torch on a GPU, torch on a CPU")  # fmt: skip
    add("--batch-sizes", type=flags.positive_list, metavar="LIST",
        help="default: 128,32 on a GPU, 8 on a CPU")  # fmt: skip
    add("--device", choices=("cpu", "cuda"), default="cpu")
    add("--threads", type=flags.positive, default=len(os.sched_getaffinity(0)), help="of the CPU")
    add("--data-dir", type=Path, help="photographs, as DIR/train/<class>/*")
    add("--weights-dir", type=Path, help="checkpoints, as DIR/<architecture>.safetensors")
    add("--cache-dir", type=Path, default=program_weights.DEFAULT_CACHE, help="of our program")
    add("--jobs", type=flags.positive, default=1, help="networks that are compiled at once")
    add("--rounds", type=flags.positive, default=3)
    add("--batches", type=flags.positive, default=50, help="per round, warm-up included")
    add("--warmup-batches", type=flags.positive, default=5)
    add("--warmup-seconds", type=float, default=1.0, help="of a GPU, both sides")
    add("--max-length", type=flags.positive, default=int(schema.DEFAULTS["max_length"]),
        help="tokens that every text is padded or cut to (default: %(default)s)")  # fmt: skip
    made.add_ours()
    return made


def _executions(text: str) -> tuple[str, ...]:
    groups = {"all": _EXECUTIONS, "graphs": [n for n in _EXECUTIONS if n.endswith("graph")]}
    return tuple(groups.get(text) or flags.names_of(_EXECUTIONS)(text))


def check(options: argparse.Namespace) -> None:
    """Fills in what depends on the device. Raises PeerError."""
    gpu = options.device != "cpu"
    options.executions = options.executions or (tuple(_EXECUTIONS) if gpu else ("eager",))
    options.precisions = options.precisions or (("bf16", "torch") if gpu else ("torch",))
    options.batch_sizes = options.batch_sizes or ((128, 32) if gpu else (8,))
    if not gpu and options.peers == tuple(WAYS):
        options.peers = tuple(name for name in WAYS if name != "eager_graph")
    if not gpu and "eager_graph" in options.peers:
        raise PeerError("--peers=eager_graph: a CPU has no CUDA graphs; give --device=cuda")
    for precision in options.precisions:
        flags.require_precision(precision, options.device)
    flags.require_peers(options.min_ratio, options.peers)
    flags.require_measured("batches", options.batches, options.warmup_batches)
    if options.data_dir and not (options.data_dir / "train").is_dir():
        raise PeerError(f"--data-dir={options.data_dir}: it has no folder 'train'")
    flags.require_program(options.binary)


def settings(options: argparse.Namespace) -> list[CompiledSetting]:
    """One for each network and precision. Raises PeerError where weights are missing."""
    return [
        CompiledSetting(
            architecture=architecture,
            batch_sizes=options.batch_sizes,
            peers=options.peers,
            weights=str(
                program_weights.find(options.weights_dir, options.cache_dir, architecture).resolve()
            ),
            photographs=str(options.data_dir.resolve()) if options.data_dir else "",
            device=options.device,
            threads=options.threads,
            precision=precision,
            batches=options.batches,
            warmup_batches=options.warmup_batches,
            warmup_seconds=options.warmup_seconds,
            max_length=options.max_length,
        )
        for architecture in options.architectures
        for precision in options.precisions
    ]
