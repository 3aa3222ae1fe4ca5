#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare two builds on this machine in rounds: fresh processes of both, in random order.

Every flag that is not listed here, such as --benchmark_filter, goes to both programs. After 12 and
after 20 rounds each row is judged by the ratios within rounds. Rows that are decided are not run
again; a row is not decided while its interval holds the percentage of a --fail-if. Results stay in
OUTPUT/base and OUTPUT/new, one file per process.

Verdicts and exit codes are those of tools/compare.py: 0 no --fail-if applies, 1 one applies, 2 bad
input, 3 different conditions, 4 with --strict: some row is not decided. 130: the run was
interrupted, and its complete rounds alone would give 0.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import project_python
import termination

project_python.require("rich", "scipy")

from compare import command as comparison  # noqa: E402
from compare import paired_rounds, render, table  # noqa: E402
from compare.gate import ExitCode  # noqa: E402
from results import terminal  # noqa: E402
from results.processes import TIME  # noqa: E402
from results.reader import ResultError  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    options, flags = _parser().parse_known_args(arguments)
    comparison.with_rule(options)
    if ours := [flag for flag in flags if flag.startswith("--benchmark_out")]:
        print(f"paired_run.py: {ours[0]}: results go to --output", file=sys.stderr)
        return ExitCode.BAD_INPUT
    if problem := comparison.unwritable(options):
        print(f"paired_run.py: {problem}", file=sys.stderr)
        return ExitCode.BAD_INPUT
    folder = options.output or Path(tempfile.mkdtemp(prefix="paired-"))
    plan = paired_rounds.Plan(
        _program(options.base), _program(options.new), tuple(flags), folder, options.order_seed,
        options.budget,
    )  # fmt: skip
    try:
        if any((folder / side).exists() and any((folder / side).iterdir())
               for side in ("base", "new")):  # fmt: skip
            raise ResultError(f"--output={folder}: it already has results; give a new folder")
        found = paired_rounds.run(
            plan, options.rule(), _progress, lambda first: _check(options, first),
            lambda line: any(gate.undecided(line) for gate in options.fail_if),
        )  # fmt: skip
        _check(options, found)
    except DifferentConditions as error:
        print(f"paired_run.py: {error}", file=sys.stderr)
        return ExitCode.ENVIRONMENT
    except (ResultError, OSError) as error:
        print(f"paired_run.py: {error}", file=sys.stderr)
        return ExitCode.BAD_INPUT
    counters = dict.fromkeys([*options.counters, *(g.metric for g in options.fail_if)])
    lines = list(found.lines)
    if metrics := [name for name in counters if name != TIME]:
        others = table.compare(found.base, found.new, True, options.rule(), metrics)
        lines += [line for line in others if line.metric != TIME]
    render.terminal(lines, terminal.console())
    print(f"Ended: {found.ended}. Results: {folder}")
    code = comparison.end(options, lines, "paired_run.py")
    return ExitCode.INTERRUPTED if found.interrupted and code == ExitCode.PASSED else code


class DifferentConditions(Exception):
    """The sides were measured under different conditions."""


def _check(options: argparse.Namespace, found: paired_rounds.PairedRounds) -> None:
    """Raises unless the sides may be compared and have the numbers that the flags name. The first
    round shows both."""
    if different := comparison.conditions(
        [p for p in found.base if p.context], [p for p in found.new if p.context],
        options.allow_different,
    ):  # fmt: skip
        raise DifferentConditions(different)
    comparison.require_metrics(options, found.base, found.new)


def _program(path: Path) -> Path:
    """An absolute path, so that the program is not looked up in PATH."""
    return Path(os.path.abspath(path))


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="paired_run.py", description=__doc__, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("base", type=Path, help="the program to compare with")
    parser.add_argument("new", type=Path, help="the program that is judged")
    add = parser.add_argument
    add("-o", "--output", type=Path, metavar="DIR", help="default: a new temporary folder")
    add(
        "--budget",
        type=float,
        default=float("inf"),
        metavar="SECONDS",
        help="the time for all rounds",
    )
    add("--order-seed", type=int, default=0, help="seed of the random order of the sides")
    comparison.add_verdict_flags(parser)
    return parser


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
