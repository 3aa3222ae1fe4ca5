# SPDX-License-Identifier: Apache-2.0
"""The zoo file: a JSON list of the candidates that the program reads with --candidates."""

import json
import os
from pathlib import Path
from typing import Any

from whole_text import read_text, write_text

from export.checkpoint import Checkpoint, ExportError


def entry(
    name: str, checkpoint: Checkpoint, weights: Path, tokenizer: Path | None, zoo: Path
) -> dict[str, Any]:
    """Paths are relative to the zoo's folder."""

    def relative(path: Path) -> str:
        return Path(os.path.relpath(path.absolute(), zoo.absolute().parent)).as_posix()

    result: dict[str, Any] = {
        "name": name,
        "architecture": checkpoint.architecture,
        "weights": relative(weights),
    }
    if checkpoint.config is not None:
        result["config"] = checkpoint.config
    if tokenizer is not None:
        result["tokenizer"] = relative(tokenizer)
    return result


def read(path: Path) -> list[dict[str, Any]]:
    """The entries, an empty list where the file does not exist. Raises ExportError for a file that
    is not a zoo."""
    try:
        entries = json.loads(read_text(path))
    except FileNotFoundError:
        return []
    except (ValueError, RecursionError) as error:
        raise ExportError(f"{path}: not JSON ({error})") from None
    if not isinstance(entries, list) or not all(
        isinstance(row, dict) and isinstance(row.get("name"), str) for row in entries
    ):
        raise ExportError(f"{path}: not a list of entries with a name")
    return entries


def merge(entries: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An entry replaces the one of equal name; the others follow at the end."""
    by_name = {row["name"]: row for row in new}
    kept = [by_name.pop(row["name"], row) for row in entries]
    return kept + list(by_name.values())


def write(path: Path, new: list[dict[str, Any]]) -> None:
    """Merge into the current content of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(merge(read(path), new), indent=1, ensure_ascii=False)
    write_text(text + "\n", path)
