# SPDX-License-Identifier: Apache-2.0
"""Measure how well each score orders the candidates of trained zoos, next to lists that never see
the data.

ZOO is a folder of make_zoo.py --trained, and FEATURES (default: ZOO/features) the folder that a
search of it wrote with --features_dir. Zoos of one target (equal seeds and images), as of several
architectures, are one search; others count as further seeds. Each score runs once for every
candidate on all items and on --halves random halves of the items.

The table has weighted Kendall's tau with the accuracy after fine-tuning, how far it is above that
of the best list, the accuracy that the first choice loses (regret), tau within architectures, in
how many searches tau is defined, and seconds per candidate. Figures are of all items; in brackets
are 95 % intervals of a bootstrap over searches, candidates and halves of the items. The lists are
ordered by multiply-accumulates, by parameters, and by accuracy on the source or else by trained
epochs.

With -o the folder gets score_quality.json, score_quality.md, and the figure as PNG and SVG;
--redraw makes them from the JSON of an earlier run.

Exit codes: 0 done, 2 bad input."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from compare.flags import positive
from export.checkpoint import ExportError
from results.printable import printable
from scores import flags
from scores.program import ScoringError
from whole_text import write_text

from zoo import quality, quality_document
from zoo.quality_data import ZooFeatures, measure
from zoo.quality_document import LIST, SCORE, Document


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if bool(options.zoos) == bool(options.redraw):
        print("score_quality.py: give zoos, or --redraw=FILE without any", file=sys.stderr)
        return 2
    try:
        document = quality_document.read(options.redraw) if options.redraw else _measured(options)
        text = quality_document.table(document)
        print(text, end="")
        if options.output:
            _write(document, text, options.output)
    except (ExportError, ScoringError, OSError) as error:
        print(printable(f"score_quality.py: {error}"), file=sys.stderr)
        return 2
    return 0


def _measured(options: argparse.Namespace) -> Document:
    measured = measure(options.zoos, flags.settings_of(options), options.halves)
    scores, lists = quality.compared(measured.scores, measured.static, options.seed, options.draws)
    return quality_document.made({SCORE: scores, LIST: lists}, measured)


def _write(document: Document, text: str, folder: Path) -> None:
    from zoo.quality_figure import draw  # Import late: matplotlib takes a second.

    folder.mkdir(parents=True, exist_ok=True)
    image = draw(document, folder)
    content = json.dumps(document.content, indent=1)
    write_text(content + "\n", folder / "score_quality.json")
    write_text(f"![{image.alt}]({image.file})\n\n{text}", folder / "score_quality.md")


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
    add("zoos", nargs="*", type=_zoo, metavar="ZOO[=FEATURES]", help="a zoo and its features")
    add("--redraw", type=Path, metavar="FILE", help="table and figure of a score_quality.json")
    add("--halves", type=positive, default=8, help="random halves of the items (default: 8)")
    add("--draws", type=positive, default=quality.DRAWS, help="of the bootstrap (default: 1000)")
    flags.add_to(parser, "all", 3, "the scores and of the bootstrap")
    add("-o", "--output", type=Path, metavar="DIR", help="write JSON, Markdown and the figure")
    return parser
