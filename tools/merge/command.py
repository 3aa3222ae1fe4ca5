# SPDX-License-Identifier: Apache-2.0
"""Join the results of shards into what one process would have written.

SHARDS are the files that `model_search_bench --shard=i/n --benchmark_out=RESULTS.json` wrote
(RESULTS.shard-i-of-n.json, or with --shard=auto RESULTS.shard-auto-NAME.json), or folders of them.
They may still be growing; merging again later gives the same rows and the new ones. A merged file
may be among them. The rows are in the order of the grid. Where machines differ, each row names its
own (`machine`). A row that several machines measured is that of the median machine and has the
seconds of each (`machine_seconds`); machines that are slower by more than 5 % are named. Missing,
duplicate and failed rows are reported; of a duplicate the first measured one counts.

Exit codes: 0 every row is there, 1 rows are missing or failed, 2 bad input, 3 the files do not
belong to one run.
"""

import argparse
import json
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from compare import flags
from results import machine_spread
from results.reader import ResultError
from whole_text import write_text

from merge import conditions, shards
from merge.merging import Merged, merge

_SHOWN = 10


class OtherRun(Exception):
    """Files that do not belong to one run; the message has several lines."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        merged = join(options.shards, options.output, options.allow_different)
        if options.missing:
            write_text("".join(f"{name}\n" for name in merged.again), options.missing)
    except (OtherRun, ResultError) as error:
        print(f"merge.py: {error}", file=sys.stderr)
        return 3 if isinstance(error, OtherRun) else 2
    except OSError as error:
        print(f"merge.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    report(merged, options.output)
    return 1 if merged.again else 0


def join(paths: Iterable[Path], output: Path, allowed: Collection[str] = ()) -> Merged:
    """Merges shards and writes the results and samples. Raises ResultError, OtherRun and
    OSError."""
    files = dict.fromkeys(path.resolve() for path in shards.found(paths))
    read = sorted((shards.read(path) for path in files), key=lambda shard: shard.place)
    if names := conditions.unknown(allowed, read):
        raise ResultError(
            f"--allow-different={','.join(names)} is neither a kind "
            f"({', '.join(conditions.KINDS)}) nor an entry of the context"
        )
    if found := conditions.differences(read, allowed):
        raise OtherRun(conditions.message(found, read[0]))
    merged = merge(read)
    write_text(json.dumps(merged.document, indent=1) + "\n", output)
    if lines := _samples(merged):
        write_text("".join(lines), shards.samples_of(output))
    return merged


def _samples(merged: Merged) -> list[str]:
    """The lines of samples of the rows that are merged, in their order."""
    lines: dict[str, list[str]] = {}
    for path in dict.fromkeys(shard.path for shard in merged.sources.values()):
        samples = shards.samples_of(path)
        for line in samples.read_text("utf-8").splitlines(True) if samples.is_file() else ():
            try:
                name = json.loads(line)["name"]
            except (ValueError, KeyError, TypeError):  # A killed process left a part of a line.
                continue
            if name in merged.sources and merged.sources[name].path == path:
                lines.setdefault(name, []).append(line)
    return [line for name in merged.sources for line in lines.get(name, ())]


def report(merged: Merged, output: Path) -> None:
    rows = len(merged.sources)
    of = f" of {len(merged.grid)}" if merged.grid else ""
    print(f"{output}: {rows}{of} rows, {len(merged.failures)} of them failed")
    if not merged.grid:
        print("No RESULTS.shard-….rows.txt lies next to a shard: rows may be missing.")
    _list("missing", merged.missing)
    _list(
        "failed",
        [f"{name}: {shards.message(entries)}" for name, entries in merged.failures.items()],
    )
    _list(
        "measured more than once; the first counts",
        [
            f"{name} ({', '.join(shard.path.name for shard in each)})"
            for name, each in merged.duplicates.items()
        ],
    )
    _list("machines slower than the median of all by more than 5 %", _slow_machines(merged))
    if merged.shards_again:
        numbers = ",".join(str(number) for number in merged.shards_again)
        print(f"Shards to run again, with --resume --retry_failed: {numbers}")
    elif merged.again:
        print("Start the workers again, with --resume --retry_failed")


def _slow_machines(merged: Merged) -> list[str]:
    """The slow machines of rows that several measured, those with most such rows first."""
    above: dict[str, list[float]] = {}
    rows = 0
    for row in merged.document["benchmarks"]:
        spread = machine_spread.of(machine_spread.seconds_of(row))
        rows += spread is not None
        for machine, share in spread.slow.items() if spread else ():
            above.setdefault(machine, []).append(share)
    return [
        f"{machine}: in {len(shares)} of {rows} rows, by up to {100 * max(shares):.0f} %"
        for machine, shares in sorted(above.items(), key=lambda item: -len(item[1]))
    ]


def _list(what: str, lines: Collection[str]) -> None:
    if not lines:
        return
    print(f"{len(lines)} {what}:")
    for line in list(lines)[:_SHOWN]:
        print(f"  {line}")
    if len(lines) > _SHOWN:
        print(f"  and {len(lines) - _SHOWN} more")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="merge.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("shards", type=Path, nargs="+", metavar="SHARDS")
    add("-o", "--output", type=Path, required=True, metavar="RESULTS.json")
    add("--missing", type=Path, metavar="FILE",
        help="write the names of missing and failed rows, one a line")  # fmt: skip
    add("--allow-different", type=flags.names, default=[], metavar="LIST",
        help=f"conditions that may differ: {', '.join(conditions.KINDS)}, or entries of the "
        "context")  # fmt: skip
    return parser
