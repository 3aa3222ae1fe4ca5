# SPDX-License-Identifier: Apache-2.0
"""The command line of tools/report.py. Exit codes: 0 written, 2 unreadable input or output."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from results import table, versions
from results.reader import ResultError

from report import notes
from report.answer import first, summary


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="report.py",
        description="Write a page (index.html) and the same as Markdown, with figures, from "
        "results of model_search_bench.",
    )
    parser.add_argument(
        "results", nargs="+", type=Path, metavar="RESULTS.json", help="Google Benchmark JSON files"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="folder of the report")
    parser.add_argument(
        "--summary",
        action="store_true",
        help="print the headline as a Markdown table, for instance for a pull request; without "
        "--output nothing is written",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="BASELINE.json",
        help="results of another machine to compare with, for instance of reports/baselines/",
    )
    parser.add_argument(
        "--filter",
        metavar="REGEX",
        help="only rows in whose name it is found, or with a - before it (--filter=-REGEX) the "
        "others, as of the program's --benchmark_filter",
    )
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="the photographs' folder, which the report's commands name in place of PHOTOGRAPHS "
        "where results have its last name, which is all that they know of it",
    )
    parser.add_argument(
        "--traces",
        type=Path,
        metavar="DIR",
        help="the program's --trace_dir, for figures of whole searches (default: the folders "
        "RESULTS.traces and traces next to RESULTS.json)",
    )
    options = parser.parse_args(arguments)
    if not (options.output or options.summary):
        parser.error("--output=DIR is missing (or --summary, which writes nothing)")
    try:
        if options.traces and not options.traces.is_dir():
            raise ResultError(f"--traces={options.traces}: no such folder")
        results = table.read(options.results, options.filter or "", options.traces)
        results = replace(results, data_dir=options.data_dir or "")
        baseline = table.read([options.against]) if options.against else None
        if baseline:
            here = {step for step, *_ in results.row_versions()}
            there = [row for row in baseline.row_versions() if row[0] in here]
            versions.require_one([*results.row_versions(), *there])
        if options.summary:
            print(_summary(results))
        if not options.output:
            return 0
        # Import late: matplotlib takes a second, and a wrong file name is reported first.
        from report.rendering import render

        remarks = notes.read(options.results[0], options.output)
        report = render(results, options.output, baseline, remarks)
    except ResultError as error:
        print(f"report.py: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"report.py: {error.filename or options.output}: {error.strerror}", file=sys.stderr)
        return 2
    for sentence in report.sentences:
        print(sentence)
    for failure in report.failures:
        print(f"report.py: a figure could not draw these results: {failure}", file=sys.stderr)
    failed = len(results.failed)
    if failed:
        print(f"{failed} failed combination{'s' if failed > 1 else ''}: see the report.")
    print(f"Report: {report.page} ({len(report.images)} figures; {report.path.name} next to it)")
    return 0


def _summary(results: table.Results) -> str:
    found = summary.of(first.gather(results), results)
    return found or "No whole search was measured."
