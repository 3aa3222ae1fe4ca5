# SPDX-License-Identifier: Apache-2.0
"""Write results for github-action-benchmark: export.py RESULTS.json... -o DIR

DIR/smaller.json is for `tool: customSmallerIsBetter` (times in the row's unit: the median of the
batches where there are batches, else the mean) and DIR/bigger.json for `tool: customBiggerIsBetter`
(items per second and others). Several files, or a folder, are several runs on one machine: the
value is their median. Failed rows, aggregates and numbers that are not finite are never exported;
stderr lists what was left out and why.

Exit codes: 0 written, 2 bad input, nothing to export, or a file that could not be written.
"""

import argparse
import json
import sys
from pathlib import Path

from compare import flags
from results.reader import ResultError, files
from results.tracked import load

from track.entries import DEFAULT_COUNTERS, Entries, entries


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    smaller, bigger = options.smaller, options.bigger
    if options.output:
        smaller = smaller or options.output / "smaller.json"
        bigger = bigger or options.output / "bigger.json"
    if not smaller and not bigger:
        return _refuse("give the output: -o DIR, or --smaller=FILE and --bigger=FILE")
    try:
        found = entries([load(path) for path in files(options.results)], options.counters)
        _tell(found)
        if not found.smaller and not found.bigger:
            raise ResultError("no row of these files can be exported")
        for path, flag, rows in (
            (smaller, "--smaller", found.smaller),
            (bigger, "--bigger", found.bigger),
        ):
            if path:
                _write(path, rows, flag, asked=getattr(options, flag[2:]) is not None)
    except ResultError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")
    return 0


def _write(path: Path, rows: list, flag: str, asked: bool) -> None:
    """Writes a file, or removes an old one where there is nothing to write: github-action-benchmark
    refuses an empty list."""
    if not rows:
        if asked:
            raise ResultError(f"{flag}={path}: there is nothing for it in these results")
        path.unlink(missing_ok=True)
        print(f"export.py: {path}: not written, there is nothing for it", file=sys.stderr)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path}: {len(rows)} entries")


def _tell(found: Entries) -> None:
    for item in found.left_out:
        print(f"export.py: left out {item.name}: {item.reason}", file=sys.stderr)


def _refuse(message: str) -> int:
    print(f"export.py: {message}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="export.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("results", nargs="+", type=Path, metavar="RESULTS",
        help="result files of one machine, or folders of them")  # fmt: skip
    add("-o", "--output", type=Path, metavar="DIR", help="write DIR/smaller.json, DIR/bigger.json")
    add("--smaller", type=Path, metavar="FILE", help="write what is better when it is smaller")
    add("--bigger", type=Path, metavar="FILE", help="write what is better when it is bigger")
    add("--counters", type=flags.counters, default=DEFAULT_COUNTERS, metavar="LIST",
        help=f"counters next to the time (default: {','.join(DEFAULT_COUNTERS)}), each in the file "
        "of its direction; any counter with a direction in tools/results/schema.json")  # fmt: skip
    return parser
