# SPDX-License-Identifier: Apache-2.0
"""Compare the rankings of searches with the truth of a zoo: the accuracy after fine-tuning.

Reads the Search rows of result files and prints for each ranking Spearman's and Kendall's (tau-b)
rank correlation with the truth, next to those of lists that need no search: ordered by the size of
the checkpoints (largest first) and by the epochs that candidates were trained. p is the chance of a
tau as far from 0 where the order is random. Ties are shown; where all are tied, a correlation is
not defined.

zoo.json and manifest.json are read where they lie next to truth.json.

Exit codes: 0 done, 2 bad input."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from export import zoo as zoo_file
from export.checkpoint import ExportError
from results import reader, terminal
from results.printable import printable
from results.reader import ResultError
from rich.table import Table
from whole_text import read_text

from zoo.truth import Agreement, agreement, between_seeds, places


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="zoo_truth.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULTS.json")
    parser.add_argument("--truth", required=True, type=Path, metavar="FILE",
                        help="truth.json of make_zoo.py --trained: {name: accuracy}")  # fmt: skip
    options = parser.parse_args(arguments)
    try:
        _print(options.results, options.truth)
    except (ResultError, ExportError, OSError) as error:
        print(printable(f"zoo_truth.py: {error}"), file=sys.stderr)
        return 2
    return 0


def _print(results: Sequence[Path], file: Path) -> None:
    truth = _truth(file)
    table = Table("Order", "Candidates", "Tied", "Spearman", "Kendall", "p", "Choice", "Best")
    for name, order in [*_searches(results, truth), *_without_search(file.parent)]:
        if order is None:
            table.add_row(name, "", "", "not known", "not known", "", "", "")
        else:
            table.add_row(name, *_cells(agreement(order, truth), len(truth)))
    console = terminal.console()
    console.print(table)
    seeds = _manifest(file.parent).get("truth")
    both = between_seeds(seeds) if isinstance(seeds, dict) and seeds else None
    if both is not None:
        console.print(f"Two fine-tunings of the same candidates agree by Spearman {both:.2f}.")


def _cells(found: Agreement, all_candidates: int) -> list[str]:
    def number(value: float | None) -> str:
        return "not defined" if value is None else f"{value:.2f}"

    p = "" if found.p is None else f"{found.p:.2g}"
    return [f"{found.count} of {all_candidates}", str(found.tied), number(found.spearman),
            number(found.kendall), p, f"{found.chosen:.3f}", f"{found.best:.3f}"]  # fmt: skip


def _truth(file: Path) -> dict[str, float]:
    found = _json(file)
    if not isinstance(found, dict) or not all(map(reader.is_number, found.values())) or not found:
        raise ExportError(f"--truth={file}: not an object of names and accuracies")
    return {printable(name): float(value) for name, value in found.items()}


def _searches(
    results: Sequence[Path], truth: Mapping[str, float]
) -> Iterator[tuple[str, dict[str, int]]]:
    """Raises ResultError where a ranking is of another zoo, or where there is none."""
    rankings = 0
    for path in reader.files(results):
        for row in reader.read(path).rows:
            if not row.name.startswith("Search/") or row.error or row.aggregate:
                continue
            order = places(row)
            if order is None:
                continue
            unknown = [name for name in order if name not in truth]
            if unknown:
                raise ResultError(
                    f"{path}: {row.name}: {len(unknown)} candidates are not in the truth, as "
                    f"{unknown[0]}"
                )
            rankings += 1
            yield row.name, order
    if not rankings:
        raise ResultError(f"{', '.join(map(str, results))}: no Search row with a ranking")


def _without_search(folder: Path) -> Iterator[tuple[str, dict[str, float] | None]]:
    sizes = {}
    for entry in zoo_file.read(folder / "zoo.json"):
        weights = folder / str(entry.get("weights"))
        if weights.is_file():
            sizes[printable(entry["name"])] = -float(weights.stat().st_size)
    yield "by size, largest first", sizes or None
    epochs = {
        printable(str(child.get("name"))): -float(child["all_epochs"])
        for child in _manifest(folder).get("children", [])
        if isinstance(child, dict) and reader.is_number(child.get("all_epochs"))
    }
    yield "by epochs, most first", epochs or None


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    found = _json(path) if path.is_file() else None
    return found if isinstance(found, dict) else {}


def _json(path: Path) -> Any:
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise ExportError(f"{path}: not JSON ({error})") from None
