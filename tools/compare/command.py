# SPDX-License-Identifier: Apache-2.0
"""Compare two results: is each row the same, faster, slower, or is the evidence too weak?

Rows are matched by name; names of older files count as those of today. BASE and NEW are result
files, or folders with one file per process. A process is one piece of evidence, however often it
repeated a row: two single files show changes, but give no verdict. tools/paired_run.py collects
evidence; compare its folders with --paired.

Verdicts: SAME, FASTER, SLOWER, UNSURE, MISSING (not in NEW), NEW (not in BASE), FAILED.
Exit codes: 0 no --fail-if applies, 1 one applies, 2 bad input, 3 the results were measured under
different conditions, 4 with --strict: some row is UNSURE, MISSING or FAILED.
"""

import argparse
import sys
from pathlib import Path

from results import terminal
from results.processes import TIME, Process, read
from results.reader import ResultError

from compare import environment, flags, render
from compare.decision import Rule
from compare.gate import ExitCode, Gate, exit_code
from compare.table import Line, compare, unknown_metrics


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if problem := unwritable(options):
        print(f"compare.py: {problem}", file=sys.stderr)
        return ExitCode.BAD_INPUT
    try:
        base, new = read(options.base), read(options.new)
        if options.paired and len(base) != len(new):
            raise ResultError(
                f"--paired: {options.base} has {len(base)} processes, {options.new} {len(new)}"
            )
        if different := conditions(base, new, options.allow_different):
            print(f"compare.py: {different}", file=sys.stderr)
            return ExitCode.ENVIRONMENT
        require_metrics(options, base, new)
    except ResultError as error:
        print(f"compare.py: {error}", file=sys.stderr)
        return ExitCode.BAD_INPUT
    metrics = list(dict.fromkeys([TIME, *options.counters, *(g.metric for g in options.fail_if)]))
    lines = compare(base, new, options.paired, options.rule(), metrics)
    render.terminal(lines, terminal.console())
    return end(options, lines, "compare.py")


def end(options: argparse.Namespace, lines: list[Line], tool: str) -> int:
    """Writes the outputs that the flags name and returns the exit code."""
    try:
        write_outputs(options, lines)
    except OSError as error:
        print(f"{tool}: {error.filename}: {error.strerror}", file=sys.stderr)
        return ExitCode.BAD_INPUT
    return exit_code(lines, options.fail_if, options.strict)


def require_metrics(options: argparse.Namespace, base: list[Process], new: list[Process]) -> None:
    """Raises ResultError for a number that no row has: a gate on it would always pass."""
    for flag, metrics in (
        ("--counters", options.counters),
        ("--fail-if", [gate.metric for gate in options.fail_if]),
    ):
        rows = [process for process in (*base, *new) if process.rows]
        if rows and (names := unknown_metrics(metrics, *rows)):
            raise ResultError(f"{flag}: no row has {', '.join(names)}")


def conditions(base: list[Process], new: list[Process], allowed: list[str]) -> str:
    """Why the results may not be compared, or an empty text. Raises ResultError for an unknown name
    in --allow-different."""
    contexts = [process.context for process in (*base, *new)]
    if names := environment.unknown(allowed, *contexts):
        kinds = ", ".join(environment.KINDS)
        raise ResultError(
            f"--allow-different={','.join(names)} is neither a kind ({kinds}) nor an entry of the "
            "context"
        )
    for process in (*base[1:], *new):
        if found := environment.differences(base[0].context, process.context, allowed):
            return environment.message(found)
    return ""


def unwritable(options: argparse.Namespace) -> str:
    """Why an output cannot be written, or an empty text. Called before hours of measuring."""
    for flag, path in (("--markdown", options.markdown), ("--json", options.json)):
        if path and (path.is_dir() or not path.absolute().parent.is_dir()):
            return f"{flag}={path}: {'a folder' if path.is_dir() else 'its folder does not exist'}"
    return ""


def write_outputs(options: argparse.Namespace, lines: list[Line]) -> None:
    if options.markdown:
        options.markdown.write_text(render.markdown(lines, options.rule()), encoding="utf-8")
    if options.json:
        options.json.write_text(render.as_json(lines, options.rule()), encoding="utf-8")


def add_verdict_flags(parser: argparse.ArgumentParser) -> None:
    """The flags that compare.py and paired_run.py share."""
    add = parser.add_argument
    rule = Rule()
    add("--margin", type=flags.share, default=rule.margin, metavar="3%",
        help="smaller differences do not matter: a row is SLOWER or FASTER where its interval "
        "lies beyond this, SAME where it lies within (default: 3%%)")  # fmt: skip
    add("--counters", type=flags.counters, default=[], metavar="LIST",
        help="numbers to compare next to the time: counters with a direction in "
        "tools/results/schema.json, such as items_per_second")  # fmt: skip
    add("--fail-if", type=_gate, action="append", default=[], metavar="slower:5%",
        help="exit with 1 where a row is SLOWER and its interval lies beyond this; for a counter "
        "write items_per_second:worse:5%%; may be given again")  # fmt: skip
    add("--strict", action="store_true", help="exit with 4 when a row is not decided")
    add("--allow-different", type=flags.names, default=[], metavar="LIST",
        help=f"conditions that may differ: {', '.join(environment.KINDS)}, or entries of the "
        "context")  # fmt: skip
    add("--markdown", type=Path, metavar="FILE", help="write the table for a pull request")
    add("--json", type=Path, metavar="FILE", help="write the decisions")
    parser.set_defaults(rule=None)


def with_rule(options: argparse.Namespace) -> argparse.Namespace:
    rule = Rule(margin=options.margin)
    options.rule = lambda: rule
    return options


class _Parser(argparse.ArgumentParser):
    def parse_args(self, *args, **kwargs):
        return with_rule(super().parse_args(*args, **kwargs))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="compare.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", type=Path, help="a result file, or a folder of them")
    parser.add_argument("new", type=Path)
    parser.add_argument(
        "--paired", action="store_true", help="the i-th files of both belong to one round"
    )
    add_verdict_flags(parser)
    return parser


def _gate(text: str) -> Gate:
    try:
        return Gate.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
