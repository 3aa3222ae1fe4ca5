# SPDX-License-Identifier: Apache-2.0
"""The folders in which photographs lie, as the program's --data_dir takes them."""

import os
from pathlib import Path

_SPLITS = ("train", "val")


class SearchError(Exception):
    """Nothing can be searched; the message is one line."""


def data_dir(photographs: Path, split: str, work: Path) -> Path:
    """A folder for --data_dir. MY_PHOTOS/<class>/* has no split: a link in `work` gives it one, so
    that its folders count as classes. Raises SearchError."""
    if not photographs.is_dir():
        raise SearchError(f"{photographs}: not a folder; give the folder of your photographs")
    if any((photographs / name).is_dir() for name in _SPLITS):
        if not (photographs / split).is_dir():
            there = [name for name in _SPLITS if (photographs / name).is_dir()]
            raise SearchError(f"{photographs} has no {split}/; give --split={there[0]}")
        return photographs
    if not any(
        entry.is_dir() and not entry.name.startswith(".") for entry in os.scandir(photographs)
    ):
        return photographs  # No classes: the program extracts features and scores nothing.
    named = work / (photographs.resolve().name or "photographs")
    named.mkdir(parents=True, exist_ok=True)
    link = named / split
    if link.is_symlink():
        link.unlink()
    link.symlink_to(photographs.resolve(), target_is_directory=True)
    return named
