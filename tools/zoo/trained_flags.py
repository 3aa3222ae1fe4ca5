# SPDX-License-Identifier: Apache-2.0
"""The flags of make_zoo.py --trained and their defaults."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from compare.flags import positive
from export.checkpoint import ExportError
from results import schema

PARENTS = 3
EPOCHS = 6


@dataclass(frozen=True)
class Size:
    """What takes minutes on a device."""

    candidates: int
    source_images: int
    target_images: int
    fine_tunings: int
    batch: int


SIZES = {"cpu": Size(8, 300, 200, 1, 8), "cuda": Size(16, 3600, 800, 3, 32)}


def _defaults(field: str) -> str:
    return ", ".join(f"{getattr(size, field)} on {device}" for device, size in SIZES.items())


DEFAULT_CANDIDATES = _defaults("candidates")


def _count(text: str) -> int:
    return 0 if text == "0" else positive(text)


def add_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--trained", action="store_true", help="make a trained zoo")
    group = parser.add_argument_group("with --trained alone")
    add = group.add_argument
    add("--epochs", type=positive, help=f"of the last parent, and at most of a child ({EPOCHS})")
    add("--device", choices=("auto", "cpu", "cuda"), help="auto is cuda where there is one (auto)")
    add("--source-images", type=positive, metavar="N",
        help=f"photographs to train on ({_defaults('source_images')})")  # fmt: skip
    add("--target-images", type=positive, metavar="N",
        help=f"photographs of the search's data set ({_defaults('target_images')})")  # fmt: skip
    add("--fine-tunings", type=_count, metavar="N",
        help=f"seeds of the truth, a mean ({_defaults('fine_tunings')}); 0: no truth")  # fmt: skip
    add("--digits", type=Path, metavar="FILE",
        help="scikit-learn's datasets/data/digits.csv.gz, where it is not installed")  # fmt: skip


def require_meaning(options: argparse.Namespace) -> None:
    """Raises ExportError for flags of the other kind of zoo."""
    others = ("epochs", "device", "source_images", "target_images", "fine_tunings", "digits")
    wrong = ("distribution",) if options.trained else others
    for flag in wrong:
        if getattr(options, flag) is not None:
            raise ExportError(
                f"--{flag.replace('_', '-')} goes {'without' if options.trained else 'with'} "
                "--trained"
            )
    if not options.trained:
        return
    if len(options.parent) > 1:
        raise ExportError("--trained starts from one --parent=FILE")
    if schema.architecture(options.architecture).input != "images":
        raise ExportError(
            f"--architecture={options.architecture}: --trained draws images, not text"
        )
