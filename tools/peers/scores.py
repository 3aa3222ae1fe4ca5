#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Print how many times as fast our scores are as the same scores in Python.

Python's side is plain numpy, scipy and scikit-learn (PyTorch for the probes), written as public
code computes each score, on the CPU. Ours is score_features on --device. Both read the same
synthetic features, made once per size; each score of each side is a fresh process per round, in
random order. Imports, reading the file and a warm-up are outside of the times.

The values of both sides are compared before any time is shown: where they differ by more than the
score's tolerance, the score has an error and no time. The table is Markdown.

Exit codes: 0 every median ratio reaches --min-ratio, 1 one does not, 2 bad input, a side failed, or
values differ.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import project_python
import termination

project_python.require("torch", "safetensors", "scipy", "sklearn", "rich")

from compare.ratios import Figure, exit_code, ratios  # noqa: E402
from scores import program  # noqa: E402
from scores.program import ScoringError, Settings  # noqa: E402
from whole_text import write_text  # noqa: E402

from peers import flags, peer_process, score_features, score_markdown, score_setting  # noqa: E402
from peers.peer_process import PeerError  # noqa: E402
from peers.rounds import Rounds, collect  # noqa: E402
from peers.rows import PeerResult, peer_row  # noqa: E402
from peers.score_functions import FUNCTIONS  # noqa: E402
from peers.score_setting import ScoreSetting  # noqa: E402

PEER = "python"
SECONDS = Figure(lambda row: row["p50"], more_is_faster=False)
PACKAGES = ("numpy", "scipy", "scikit-learn", "torch")
# The scores of the program that have a function here: all, as a test checks.
PROBES = program.PROBES


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        flags.require_program(options.binary)
        with tempfile.TemporaryDirectory(prefix="score-features-") as folder:
            rounds = collect(measure(options, Path(folder)), options.output)
    except (PeerError, ScoringError, OSError) as error:
        print(f"scores.py: {error}", file=sys.stderr)
        return 2
    found = sorted(
        ratios(rounds.measured, SECONDS), key=lambda ratio: options.probes.index(ratio.group.probe)
    )
    text = score_markdown.table(found, rounds, options.device, options.threads)
    print(text, end="")
    if options.markdown:
        write_text(text, options.markdown)
    return exit_code(found, options.min_ratio)


def measure(options: argparse.Namespace, folder: Path) -> Iterator[Rounds]:
    """Both sides of each score and size, --rounds times: all rounds so far after each."""
    order = random.Random(options.seed)
    rounds = Rounds(PACKAGES)
    files = {size: _features(size, options, folder) for size in options.sizes}
    for index in range(options.rounds):
        work = [
            (side, ScoreSetting(probe, *size, options.classes, options.device))
            for size in options.sizes
            for probe in options.probes
            for side in ("ours", PEER)
        ]
        order.shuffle(work)
        results: dict[tuple[str, ScoreSetting], PeerResult] = {}
        for side, setting in work:
            print(f"Round {index + 1}: {setting.probe}, {setting.size}: {side}", file=sys.stderr)
            file = files[setting.items, setting.width]
            if side == "ours":
                results[side, setting], context = _ours(file, setting, options)
                rounds.add_ours(index, setting, [], context)
            else:
                results[side, setting] = _python(file, setting, options)
        for setting in dict.fromkeys(setting for _, setting in work):
            ours, theirs = results["ours", setting], results[PEER, setting]
            rounds.add_ours(index, setting, [peer_row(setting.row_name(), ours)], {})
            checked = compared(setting, ours, theirs)
            rounds.add_peer(index, setting, PEER, setting.row_name(PEER), checked)
        yield rounds


def compared(setting: ScoreSetting, ours: PeerResult, theirs: PeerResult) -> PeerResult:
    """Python's result, or an error where the values differ."""
    if ours.error or theirs.error:
        return theirs
    values = ours.counters["score_value"], theirs.counters["score_value"]
    if FUNCTIONS[setting.probe].agrees(*values):
        return theirs
    return PeerResult(error=f"the values differ: ours is {values[0]!r}, Python's is {values[1]!r}")


def _features(size: tuple[int, int], options: argparse.Namespace, folder: Path) -> Path:
    path = folder / f"{size[0]}x{size[1]}.safetensors"
    content = score_features.draw(*size, options.classes, options.source_classes, options.seed)
    score_features.write(path, content)
    return path


def _ours(
    file: Path, setting: ScoreSetting, options: argparse.Namespace
) -> tuple[PeerResult, dict[str, Any]]:
    settings = Settings(
        binary=options.binary,
        probes=(setting.probe,),
        device=options.device,
        threads=options.threads,
        repetitions=options.repetitions,
    )
    scored = program.run([file], settings)
    (found,) = scored.files
    context = _context(scored.context)
    entry = found.scores.get(setting.probe, {})
    error = found.error or entry.get("error")
    if error:
        return PeerResult(error=error), context
    counters = {
        "p50": median(entry["seconds"]),
        "batches": len(entry["seconds"]),
        "score_value": entry["value"],
        "feature_bytes": found.sizes["feature_bytes"],
    }
    return PeerResult(fmean(entry["seconds"]), counters), context


def _context(scored: dict[str, Any]) -> dict[str, Any]:
    """As results name it: flags as options. The names of rows have the device."""
    options = {f"option_{name}": str(scored[name]) for name in ("device", "threads")}
    return {
        name: scored[name] for name in scored if name not in ("device", "device_name", "threads")
    } | options


def _python(file: Path, setting: ScoreSetting, options: argparse.Namespace) -> PeerResult:
    given = {"file": str(file), "probe": setting.probe, "repetitions": options.repetitions}
    return peer_process.result("score_peer", given, {"OMP_NUM_THREADS": str(options.threads)})


def _parser() -> argparse.ArgumentParser:
    parser = flags.Parser("scores.py", __doc__, (PEER,))
    parser.set_defaults(binary=program.BINARY)
    add = parser.add_argument
    add("--probes", type=flags.names_of(PROBES), default=PROBES, metavar="LIST",
        help=f"of {', '.join(PROBES)}")  # fmt: skip
    add("--sizes", type=score_setting.sizes, default=((9469, 2048),), metavar="LIST",
        help="items x width (default: 9469x2048)")  # fmt: skip
    add("--classes", type=flags.positive, default=10)
    add("--source-classes", type=flags.positive, default=1000, help="of source probabilities")
    add("--device", default="cpu", help="of our side: cpu, cuda, … (default: cpu)")
    add("--threads", type=flags.positive, default=len(os.sched_getaffinity(0)), help="of the CPU")
    add("--repetitions", type=flags.positive, default=3, help="timed runs per side and round")
    add("--rounds", type=flags.positive, default=3)
    add("--seed", type=int, default=0, help="of the features and of the random order")
    add("--markdown", type=Path, metavar="FILE", help="write the table")
    return parser


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
