# SPDX-License-Identifier: Apache-2.0
"""Score features that anyone extracted, and rank the candidates.

FEATURES_DIR has a file for each candidate, safetensors or npz, with
  features              [N, D] float32 (float64, float16 and bfloat16 too)
  labels                [N] whole numbers; labels.safetensors or labels.npz in the folder, or
                        --labels, has them for files without
  source_probabilities  [N, Z], optional: the softmax of the checkpoint's own classifier, which some
                        scores need
The program's --features_dir writes such files, without probabilities. All candidates should have
the same items.

The scores are the program's (score_features). A cell shows the candidate's rank and its score. As
in a search of the program, the higher score comes first, and of equal scores that with the lower
loss; those equal in both share a rank. Seconds are those of scoring features that are on the
device. A file that cannot be used is named and left out.

Exit codes: 0 everything was scored, 1 a file or a score was left out, 2 bad input."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from results import terminal
from results.printable import printable
from rich.table import Table
from whole_text import write_text

from scores import feature_folder, flags, program, ranks
from scores.program import Scored, ScoredFile, ScoringError, Settings

_UNSETTLED = "*"
_COLUMNS = 6  # of scores side by side; more would be cut into pieces in a terminal


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return _rank(options.features, options.labels, flags.settings_of(options), options.output)
    except (ScoringError, OSError) as error:
        print(printable(f"rank.py: {error}"), file=sys.stderr)
        return 2


def _rank(folder: Path, labels: Path | None, settings: Settings, output: Path | None) -> int:
    if output and (output.is_dir() or not output.absolute().parent.is_dir()):
        why = "a folder" if output.is_dir() else "its folder does not exist"
        raise ScoringError(f"--output={output}: {why}")
    with feature_folder.opened(folder, labels) as found:
        left_out = {path.name: reason for path, reason in found.left_out.items()}
        scored = program.run(
            list(found.files.values()), Settings(**vars(settings) | {"labels": found.labels})
        )
        files = {}
        for (name, path), file in zip(found.files.items(), scored.files, strict=True):
            source = found.sources[name]
            if file.error:
                left_out[source.name] = file.error.replace(str(path), str(source))
            else:
                files[name] = file
        others = feature_folder.with_other_items(
            {name: found.files[name] for name in files}, found.labels
        )
    for reason in left_out.values():
        print(printable(f"rank.py: left out: {reason}"), file=sys.stderr)
    if not files:
        raise ScoringError(f"{folder}: no file could be scored")
    shown = _shown(scored, files, settings.probes)
    missing = _missing(files, shown)
    for note in missing:
        print(printable(f"rank.py: {note}"), file=sys.stderr)
    if others:
        text = f"other items than most candidates have: {', '.join(others)}"
        print(printable(f"rank.py: {text}; their scores do not compare"), file=sys.stderr)
    _print(files, shown, scored.context)
    if output:
        document = _document(files, shown, scored.context, left_out)
        write_text(json.dumps(document, indent=1) + "\n", output)
    return 1 if left_out or missing else 0


def _shown(scored: Scored, files: dict[str, ScoredFile], given: Sequence[str]) -> list[str]:
    """All scores, but for those that no file has what they need for, unless flags name them."""
    names = list(next(iter(files.values())).scores)
    known = any("source_classes" in file.sizes for file in files.values())
    return [n for n in names if given or known or n not in scored.needs_probabilities]


def _missing(files: dict[str, ScoredFile], shown: Sequence[str]) -> list[str]:
    """Why candidates lack a score, a line for each score and reason."""
    found = []
    for score in shown:
        reasons: dict[str, list[str]] = {}
        for name, file in files.items():
            if "error" in file.scores[score]:
                reasons.setdefault(file.scores[score]["error"], []).append(name)
        found += [f"{score}: {', '.join(names)}: {why}" for why, names in reasons.items()]
    return found


def _print(files: dict[str, ScoredFile], shown: Sequence[str], context: dict[str, Any]) -> None:
    means = ranks.mean_ranks(files, shown)
    ranked = {score: ranks.ranks(ranks.worths(files, score)) for score in shown}
    order = sorted(files, key=lambda name: (ranked[shown[0]].get(name, len(files)), name))
    tables = []
    for first in range(0, len(shown), _COLUMNS):
        some = shown[first : first + _COLUMNS]
        table = Table(title=f"Rank and score of {len(files)} candidates, by {shown[0]}")
        table.add_column("Candidate", overflow="fold")
        for score in ("Mean rank", *some):
            table.add_column(score, justify="right", overflow="fold")
        for name in order:
            cells = [_cell(ranked[score].get(name), files[name].scores[score]) for score in some]
            table.add_row(printable(name), f"{means[name]:.1f}" if means else "", *cells)
        tables.append(table)
    costs = Table(title=f"Seconds per candidate on {context['device_name']}")
    costs.add_column("Score")
    for column in ("Median", "Largest", "All candidates"):
        costs.add_column(column, justify="right")
    for score in shown:
        if taken := ranks.seconds(files, score):
            figures = (median(taken), max(taken), sum(taken))
            costs.add_row(score, *(f"{value:.4g}" for value in figures))
    console = terminal.console()
    for table in (*tables, costs):
        console.print(table)
    if any(e.get("converged") is False for file in files.values() for e in file.scores.values()):
        console.print(f"{_UNSETTLED} The iterations of this score have not converged.")


def _cell(rank: int | None, entry: dict[str, Any]) -> str:
    if rank is None:
        return ""
    mark = _UNSETTLED if entry.get("converged") is False else ""
    return f"{rank} ({entry['value']:.4g}{mark})"


def _document(
    files: dict[str, ScoredFile],
    shown: Sequence[str],
    context: dict[str, Any],
    left_out: dict[str, str],
) -> dict[str, Any]:
    ranked = {score: ranks.ranks(ranks.worths(files, score)) for score in shown}
    candidates = []
    for name, file in files.items():
        scores = {
            score: file.scores[score] | ({"rank": rank} if rank else {})
            for score in shown
            for rank in [ranked[score].get(name)]
        }
        candidates.append({"candidate": name, **file.sizes, "scores": scores})
    return {"context": context, "candidates": candidates, "left_out": left_out}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rank.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("features", type=Path, metavar="FEATURES_DIR", help="a file for each candidate")
    add("--labels", type=Path, metavar="FILE", help="labels of all files that have none")
    flags.add_to(parser, "all that the files allow", 1, "splits and initial weights")
    add("-o", "--output", type=Path, metavar="FILE", help="write JSON")
    return parser
