#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Show results over time: history.py DIR -o history.html

DIR contains result files, one per process, also in its subfolders. The date in their context orders
them. Files of one revision within an hour become one point, their median. A series is one row on
one machine (GPU and processor). A change point is where a new level begins that lasts for at least
--segment points and differs by at least --minimum; a single outlier is not a level. Each change
point is listed with the commits between the last run before and the first run after it (with both
revisions where --repository does not know them) and with the other conditions (driver, libraries,
options) that changed. The page is one HTML file that needs no network.

Files that cannot be used are skipped and named on stderr. Exit codes: 0 shown, 2 bad input.
"""

import argparse
import sys
from functools import cache, partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import project_python

project_python.require("matplotlib", "jinja2", "rich", "ruptures")

from compare import flags  # noqa: E402
from results import terminal  # noqa: E402
from results.processes import TIME  # noqa: E402
from results.reader import ResultError  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from track import commits  # noqa: E402
from track.change_points import Rule  # noqa: E402
from track.findings import Finding, findings, headline  # noqa: E402
from track.series import read_folder, series  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    rule = Rule(options.minimum, options.segment)
    try:
        runs, skipped = read_folder(options.results)
        for message in skipped:
            print(f"history.py: skipped {message}", file=sys.stderr)
        found = series(runs, [TIME, *options.counters], rule)
        reasons = findings(found, cache(partial(commits.between, options.repository)))
        _terminal(reasons, terminal.console())
        print(f"{len(runs)} files. {headline(found, reasons)}")
        if options.output:
            # Import late: matplotlib takes a second, and a wrong folder is reported first.
            from track.page import render

            options.output.parent.mkdir(parents=True, exist_ok=True)
            options.output.write_text(render(found, reasons, skipped, rule), encoding="utf-8")
            print(f"Page: {options.output}")
    except ResultError as error:
        print(f"history.py: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"history.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _terminal(reasons: list[Finding], console: Console) -> None:
    if not reasons:
        return
    table = Table(title="Series that changed")
    for head in ("Series", "Number", "Machine", "Since", "Change", "Commits and conditions"):
        table.add_column(head, overflow="fold")
    for finding in reasons:
        table.add_row(
            finding.series.name, finding.series.metric, finding.series.machine,
            f"{finding.date:%Y-%m-%d %H:%M}", finding.words,
            "\n".join([*finding.commits, *finding.conditions]),
        )  # fmt: skip
    console.print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="history.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add, rule = parser.add_argument, Rule()
    add("results", type=Path, metavar="DIR", help="a folder of result files")
    add("-o", "--output", type=Path, metavar="PAGE.html", help="write the page")
    add("--repository", type=Path, default=Path(__file__).parents[1], metavar="DIR",
        help="where commits are looked up (default: this one)")  # fmt: skip
    add("--minimum", type=flags.share, default=rule.minimum, metavar="5%",
        help="a change is at least so large (default: 5%%)")  # fmt: skip
    add("--segment", type=_points, default=rule.segment, metavar="N",
        help="points that a level needs, 2 or more (default: 3)")  # fmt: skip
    add("--counters", type=flags.counters, default=[], metavar="LIST",
        help="numbers to follow next to the time: counters with a direction in "
        "tools/results/schema.json, such as items_per_second")  # fmt: skip
    return parser


def _points(text: str) -> int:
    if not text.isdigit() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 2 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
