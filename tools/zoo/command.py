# SPDX-License-Identifier: Apache-2.0
"""Make a zoo of fine-tuned children of few parents, for measuring searches that share blocks.

A child is its parent's checkpoint with changed tensors in its last blocks and in the head behind
them, as fine-tuning the top of a network leaves it. How many of the n blocks change is drawn from
a normal distribution, rounded and cut to [0, n]:
  top_layers  mean 0.10 n, standard deviation half of the mean
  top_25pct   mean 0.25 n, standard deviation half of the mean
  top_50pct   mean 0.50 n, standard deviation a quarter of the mean
Children without a change equal their parent; they are in the list, and share one file.

Parents are random weights as model_search_bench makes them (random:SEED, random:SEED+1, ...), or
checkpoints (--parent=FILE). Their ranking means nothing: such a zoo is for times.

--trained makes a zoo whose ranking means something. Photographs are drawn from scans of digits
(scikit-learn's). One network is trained on 0 to 4 for up to --epochs; the parents are what it has
become at the start, on the way and in the end. Children are parents whose last blocks were trained
further. The truth of a candidate is its accuracy on photographs of 5 to 9 after fine-tuning all its
blocks on others: truth.json, for zoo_truth.py. OUTPUT/data is the --data_dir of the search.

OUTPUT gets a safetensors file per child, zoo.json for model_search_bench --candidates, and
manifest.json with all settings and seeds. The same command gives the same files, and goes on after
an interruption. Any other content of OUTPUT is refused.

Exit codes: 0 done, 1 a file could not be written, 2 bad usage, nothing written, 130 interrupted."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import termination
from compare.flags import positive
from export import architectures
from export.checkpoint import ExportError
from peers.flags import BINARY, require_program
from peers.peer_process import PeerError
from peers.program_weights import DEFAULT_CACHE
from results.printable import printable

from zoo import trained_command, trained_flags
from zoo.plan import DISTRIBUTIONS, Sharing, draw, sharing

_DISTRIBUTION = "top_layers"
_CANDIDATES = 35


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    termination.interrupts()
    try:
        _make(options)
    except (ExportError, PeerError, OSError) as error:
        print(printable(f"make_zoo.py: {error}"), file=sys.stderr)
        return 1 if isinstance(error, OSError) else 2
    except KeyboardInterrupt:
        print("make_zoo.py: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make_zoo.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--architecture", required=True, choices=architectures.names(), metavar="NAME")
    add("--distribution", choices=tuple(DISTRIBUTIONS),
        help=f"of the number of changed blocks (default: {_DISTRIBUTION})")  # fmt: skip
    add("--candidates", type=positive,
        help=f"children (default: {_CANDIDATES}); with --trained, parents and children "
        f"({trained_flags.DEFAULT_CANDIDATES})")  # fmt: skip
    add("--parents", type=positive,
        help="random parents (default: 1); with --trained, stages of one training "
        f"({trained_flags.PARENTS})")  # fmt: skip
    add("--parent", type=Path, action="append", default=[], metavar="FILE",
        help="a checkpoint in place of random weights; may be given again")  # fmt: skip
    add("--seed", type=_seed, default=0, help="of parents and children (default: %(default)s)")
    add("-o", "--output", type=Path, metavar="OUTPUT", help="the folder")
    add("--dry-run", action="store_true", help="print the plan and write nothing")
    add("--binary", type=Path, default=BINARY,
        help="the program, for random parents (default: %(default)s)")  # fmt: skip
    add("--cache-dir", type=Path, default=DEFAULT_CACHE,
        help="the program's folder of random weights (default: %(default)s)")  # fmt: skip
    trained_flags.add_flags(parser)
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 4294967295")
    return int(text)


def _make(options: argparse.Namespace) -> None:
    trained_flags.require_meaning(options)
    if options.trained:
        _require_output(options)
        trained_command.make(options)
        return
    distribution = options.distribution or _DISTRIBUTION
    candidates = options.candidates or _CANDIDATES
    count = len(options.parent) or options.parents or 1
    if options.parent and options.parents:
        raise ExportError("--parents counts random parents; give it or --parent=FILE, not both")
    if count > candidates:
        raise ExportError(f"--candidates={candidates}: at least one for each of {count} parents")
    _require_output(options)
    seeds = [] if options.parent else [options.seed + index for index in range(count)]
    # Import late: PyTorch takes seconds, and wrong flags are reported first.
    from zoo import folder, parents, redraw

    if options.parent:
        chosen = [parents.given(options.architecture, path) for path in options.parent]
    else:
        chosen = parents.random_ones(options.architecture, seeds, options.cache_dir)
    layouts = [parent.layout for parent in chosen]
    blocks = [layout.blocks for layout in layouts]
    children = draw(DISTRIBUTIONS[distribution], blocks, candidates, options.seed)
    settings = {
        "architecture": options.architecture,
        "distribution": distribution,
        "candidates": candidates,
        "seed": options.seed,
        "strength": redraw.STRENGTH,
        "parents": [parent.source for parent in chosen],
    }
    zoo = folder.Zoo(options.architecture, chosen, children, settings)
    shared = sharing(children, layouts)
    print(_plan(zoo, shared), flush=True)
    if options.output:
        folder.require_own(options.output, settings)
        needed = zoo.missing_bytes(options.output)
        free = folder.require_room(options.output, needed)
        print(f"{needed / 1e9:.2f} GB to write, {free / 1e9:.2f} GB free", flush=True)
    if options.dry_run:
        return
    if seeds:
        require_program(options.binary)
        print(f"Random weights of {options.architecture} ...", file=sys.stderr, flush=True)
        parents.make_random(options.architecture, seeds, options.binary, options.cache_dir)
    settings["parents_sha256"] = [parent.digest() for parent in chosen]
    folder.require_own(options.output, settings)
    written = folder.write(zoo, options.output, _progress(len(children)))
    print(f"{written}: {len(children)} candidates")


def _require_output(options: argparse.Namespace) -> None:
    if not options.output and not options.dry_run:
        raise ExportError("--output=FOLDER is missing; only --dry-run goes without")


def _plan(zoo, shared: Sharing) -> str:
    layouts = [parent.layout for parent in zoo.parents]
    blocks = "/".join(str(count) for count in sorted({layout.blocks for layout in layouts}))
    counts = Counter(child.redrawn for child in zoo.children)
    drawn = ", ".join(f"{counts[redrawn]} of {redrawn}" for redrawn in sorted(counts))
    parents = ", ".join(parent.source for parent in zoo.parents)
    return "\n".join(
        [
            f"{zoo.architecture}, {blocks} blocks; parents: {printable(parents)}",
            f"{len(zoo.children)} children in {len(zoo.files())} files; changed blocks: {drawn}",
            f"blocks: {shared.one_by_one_blocks} one by one, {shared.shared_blocks} with shared "
            f"prefixes: {shared.blocks_ratio:.1f} times fewer",
            f"weights: {shared.one_by_one_bytes / 1e9:.2f} GB one by one, "
            f"{shared.shared_bytes / 1e9:.2f} GB with shared prefixes: "
            f"{shared.bytes_ratio:.1f} times fewer",
        ]
    )


def _progress(total: int) -> Callable[[int, str], None]:
    begin = time.monotonic()

    def show(done: int, name: str) -> None:
        left = (time.monotonic() - begin) / done * (total - done)
        print(f"{done} of {total}: {name} ({left:.0f} s left)", file=sys.stderr, flush=True)

    return show
