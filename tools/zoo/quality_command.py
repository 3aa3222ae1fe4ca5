# SPDX-License-Identifier: Apache-2.0
"""Measure how well each score orders the candidates of trained zoos, next to lists that never see
the data.

ZOO is a folder of make_zoo.py --trained, and FEATURES (default: ZOO/features) the folder that a
search of it wrote with --features_dir. Zoos of one target (equal seeds and images), as of several
architectures, are one search; others count as further seeds. Each score runs once for every
candidate on all items and on --halves random halves of the items.

The table has weighted Kendall's tau with the accuracy after fine-tuning, the accuracy that the
first choice loses (regret), tau within architectures, and seconds per candidate. In brackets are
95 % intervals of a bootstrap over searches, candidates and items. The lists are ordered by
multiply-accumulates, by parameters, and by accuracy on the source or else by trained epochs.

With -o the folder gets score_quality.json, score_quality.md, and the figure as PNG and SVG.

Exit codes: 0 done, 2 bad input."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from export.checkpoint import ExportError
from results import machine, markdown
from results.printable import printable
from scores import program
from scores.program import ScoringError, Settings
from scores.rank_command import positive, probes
from whole_text import write_text

from zoo import quality
from zoo.quality import Interval, Quality
from zoo.quality_data import Measured, ZooFeatures, measure

_HEADERS = ("Order", "Weighted tau", "Regret", "Within architectures", "Seconds per candidate")
_NUMBERS = _HEADERS[1:]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    settings = Settings(
        binary=options.binary,
        probes=options.probes,
        device=options.device,
        threads=options.threads,
        seed=options.seed,
        repetitions=options.repetitions,
    )
    try:
        measured = measure(options.zoos, settings, options.halves)
        found = {
            kind: {
                name: quality.quality(orders, options.seed, options.draws)
                for name, orders in by_name.items()
            }
            for kind, by_name in (("score", measured.scores), ("list", measured.static))
        }
        text = table(found, measured)
        print(text, end="")
        if options.output:
            _write(found, measured, text, options.output)
    except (ExportError, ScoringError, OSError) as error:
        print(printable(f"score_quality.py: {error}"), file=sys.stderr)
        return 2
    return 0


def table(found: Mapping[str, Mapping[str, Quality]], measured: Measured) -> str:
    lines = []
    for kind, by_name in found.items():
        ordered = sorted(by_name.items(), key=lambda each: -(each[1].tau or -2.0))
        for name, each in ordered:
            seconds = f"{measured.seconds[name]:.3g}" if kind == "score" else "0"
            shown = markdown.code(name) if kind == "score" else f"list by {name}"
            lines.append([
                shown, _figure(each.tau, each.tau_interval),
                _figure(each.regret, each.regret_interval, 3), _figure(each.within), seconds,
            ])  # fmt: skip
    candidates = sum(len(search.truth) for search in measured.searches)
    notes = [
        f"{len(measured.searches)} searches ({', '.join(s.name for s in measured.searches)}) of "
        f"{candidates} candidates in all; seconds on {machine.title(measured.context)}, "
        f"{measured.context['device']}. Brackets: 95 % intervals over searches, candidates and "
        "items. Lists never see the data.",
        *(f"- {markdown.code(name)} was not measured: {markdown.cell(why)}"
          for name, why in measured.missing.items()),
    ]  # fmt: skip
    return "\n".join([markdown.table(_HEADERS, lines, _NUMBERS), "", *notes, ""])


def _figure(value: float | None, interval: Interval | None = None, digits: int = 2) -> str:
    if value is None:
        return "not defined"
    text = f"{value:.{digits}f}"
    return f"{text} ({interval.low:.{digits}f} to {interval.high:.{digits}f})" if interval else text


def _write(
    found: Mapping[str, Mapping[str, Quality]], measured: Measured, text: str, folder: Path
) -> None:
    from zoo.quality_figure import draw  # Import late: matplotlib takes a second.

    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = [
        {"name": name, "kind": kind, "seconds": measured.seconds.get(name, 0.0)} | asdict(each)
        for kind, by_name in found.items()
        for name, each in by_name.items()
    ]
    searches = [
        {
            "name": search.name,
            "truth": search.truth,
            "family": search.family,
            "values": {
                name: each.values
                for name, orders in (measured.scores | measured.static).items()
                for each in orders
                if each.search is search
            },
        }
        for search in measured.searches
    ]
    document = {
        "context": measured.context,
        "orders": rows,
        "searches": searches,
        "missing": measured.missing,
    }
    subtitle = f"{len(searches)} searches of trained zoos, {machine.title(measured.context)}"
    image = draw(found["score"], found["list"], measured.seconds, subtitle, folder)
    write_text(json.dumps(document, indent=1) + "\n", folder / "score_quality.json")
    picture = f"![{image.alt}]({image.svg})\n\n"
    write_text(picture + text, folder / "score_quality.md")


def _zoo(text: str) -> ZooFeatures:
    folder, equals, features = text.partition("=")
    return ZooFeatures(Path(folder), Path(features) if equals else Path(folder) / "features")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="score_quality.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("zoos", nargs="+", type=_zoo, metavar="ZOO[=FEATURES]", help="a zoo and its features")
    add("--probes", type=probes, default=(), metavar="LIST", help="scores (default: all)")
    add("--device", default="cpu", help="cpu, cuda, … (default: cpu)")
    add("--threads", type=positive, help="of the CPU (default: the cores allowed)")
    add("--repetitions", type=positive, default=3, help="timed runs of each score (default: 3)")
    add("--halves", type=positive, default=8, help="random halves of the items (default: 8)")
    add("--draws", type=positive, default=quality.DRAWS, help="of the bootstrap (default: 1000)")
    add("--seed", type=int, default=0, help="of the scores and of the bootstrap (default: 0)")
    add("--binary", type=Path, default=program.BINARY, help="score_features of the build")
    add("-o", "--output", type=Path, metavar="DIR", help="write JSON, Markdown and the figure")
    return parser
