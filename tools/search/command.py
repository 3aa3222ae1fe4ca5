# SPDX-License-Identifier: Apache-2.0
"""Rank checkpoints by how well their features suit your photographs.

MY_PHOTOS is MY_PHOTOS/<class>/*.jpg, or MY_PHOTOS/{train,val}/<class>/*.jpg: the folders are the
labels. Without such folders features are kept, and nothing is ranked. Candidates are those of
--zoo=zoo.json and of each --checkpoint; .ckpt (also of Lightning), .pth, .pt and .bin files are
converted to safetensors first.

The search runs on the first GPU, or on the CPU, with the settings that suit the machine: what
candidates share is read, decoded and computed once. OUTPUT gets results.json, features/ (a
safetensors file for each candidate; tools/rank.py scores them again) and converted checkpoints.
Flags of the program may follow after --, as in

  search.py MY_PHOTOS --zoo=zoo.json -- --items=2000 --budgets=halving

Exit codes: those of the program; 2 bad usage."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import scheduler
from peers.flags import BINARY
from results import schema
from results.printable import printable

from search import candidates, photographs, settings
from search.photographs import SearchError
from search.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    own, further = _divided(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(own)
    output = options.output or Path("results") / time.strftime("search-%Y%m%dT%H%M%S")
    try:
        if not options.binary.is_file():
            raise SearchError(f"{options.binary} is not built: run tools/setup.sh first")
        zoo = candidates.zoo(options.zoo, options.checkpoint, output)
        data = photographs.data_dir(options.photographs, options.split, output)
        return _search(options, zoo, data, output, further)
    except (SearchError, OSError) as error:
        print(printable(f"search.py: {error}"), file=sys.stderr)
        return 2


def _divided(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Flags of this tool, and those of the program, which follow after --."""
    given = list(arguments)
    place = given.index("--") if "--" in given else len(given)
    return given[:place], given[place + 1 :]


def _search(
    options: argparse.Namespace, zoo: Path, data: Path, output: Path, further: list[str]
) -> int:
    output.mkdir(parents=True, exist_ok=True)
    results, features = output / "results.json", output / "features"
    chosen: Settings | None = settings.best(options.device, settings.has_cuda(options.binary))
    code = 0
    while chosen:
        flags = {
            "steps": "Search", "plans": "shared", "candidates": zoo, "data_dir": data,
            "split": options.split, "probes": options.probe, "precisions": options.precision,
            "features_dir": features, "benchmark_out": results,
        } | chosen.flags()  # fmt: skip
        command = [str(options.binary), *(f"--{k}={v}" for k, v in flags.items() if v), *further]
        code = subprocess.run(command, env=scheduler.outside(), check=False).returncode
        error = _error(results)
        chosen = settings.after(chosen, error) if error else None
        if chosen:
            print(f"search.py: again with {chosen.flags()}: {printable(error)}", file=sys.stderr)
    if features.is_dir():
        print(f"Features: {features} (tools/rank.py {features} scores them in other ways)")
    return code


def _error(results: Path) -> str:
    """Why the search failed; empty where it did not, or where it wrote nothing."""
    try:
        rows: list[dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))["benchmarks"]
    except (OSError, ValueError, KeyError):
        return ""
    return next((str(row["error_message"]) for row in rows if row.get("error_occurred")), "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="search.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("photographs", type=Path, metavar="MY_PHOTOS", help="the folder of your photographs")
    add("--zoo", type=Path, metavar="FILE", help="a list of checkpoints (zoo.json)")
    add("--checkpoint", action="append", default=[], metavar="ARCHITECTURE:FILE",
        help="a checkpoint, as resnet50:last.ckpt; may be given again")  # fmt: skip
    add("-o", "--output", type=Path, metavar="OUTPUT", help="default: results/search-<time>")
    add("--split", choices=("train", "val"), default="train", help="default: %(default)s")
    add("--probe", choices=schema.AXES["probe"].values, default="linear", metavar="NAME",
        help=f"{', '.join(schema.AXES['probe'].values)} (default: %(default)s)")  # fmt: skip
    add("--precision", choices=schema.AXES["precision"].values, metavar="NAME",
        help="on a GPU; bf16 is faster and moves features a little (default: torch)")  # fmt: skip
    add("--device", help="cpu, cuda, cuda1, ... (default: cuda where there is a GPU)")
    add("--binary", type=Path, default=BINARY, help="the program (default: %(default)s)")
    return parser
