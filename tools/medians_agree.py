#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the medians of two runs of the same rows: how well does a machine repeat its results?

Two runs cannot show which of two builds is faster; tools/paired_run.py can.

Exit codes: 0 enough rows agree, 1 too few do, 2 bad input (a file, or the files share no row).
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import project_python

project_python.require("pandas", "rich")

from compare.agreement import agreement  # noqa: E402
from results import table, versions  # noqa: E402
from results.reader import ResultError  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        first, second = (table.read([path]) for path in (options.first, options.second))
    except ResultError as error:
        print(f"medians_agree.py: {error}", file=sys.stderr)
        return 2
    found = agreement(first.measured, second.measured, options.within)
    for text in versions.several([*first.row_versions(), *second.row_versions()]):
        print(f"medians_agree.py: not compared: {text}", file=sys.stderr)
    if not found.changes:
        print("medians_agree.py: the files have no measured row in common", file=sys.stderr)
        return 2
    for name, change in found.outside:
        print(f"{100 * change:+6.2f} %  {name}{'  (host)' if name in found.near_host else ''}")
    print(
        f"{len(found.changes) - len(found.outside)} of {len(found.changes)} medians "
        f"({100 * found.share:.1f} %) agree within {100 * options.within:g} %; half of them within "
        f"{100 * found.typical:.2f} %; {found.unmatched} rows are in one file only"
    )
    print(
        f"{found.joint} ({100 * found.joint / len(found.changes):.1f} %) differ by at most their "
        f"joint 95 % interval; {found.joint_within} by at most that within their processes"
    )
    if found.copies:
        print(f"{found.copies} rows are left out: each copies a row that cuts at the same place.")
    if found.near_host:
        outside = {name for name, _ in found.outside}
        near, far = found.near_host, found.changes.keys() - found.near_host
        print(
            "(host): submitting took the host half of the median or more, so a slow host can show: "
            f"{len(near & outside)} of these {len(near)} disagree, {len(far & outside)} of the "
            f"{len(far)} others. --executions=cuda_graph measures with little work of the host."
        )
    return 0 if found.share >= options.share else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="medians_agree.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("first", type=Path, metavar="FIRST.json")
    parser.add_argument("second", type=Path, metavar="SECOND.json")
    parser.add_argument("--within", type=_percent, default=0.01, metavar="P%", help="default: 1%%")
    parser.add_argument(
        "--share", type=_percent, default=0.95, metavar="P%", help="of the rows (default: 95%%)"
    )
    return parser


def _percent(text: str) -> float:
    try:
        value = float(text.removesuffix("%")) / 100
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write a percentage, such as 1%") from None
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r}: write more than 0% and at most 100%")
    return value


if __name__ == "__main__":
    sys.exit(main())
