# SPDX-License-Identifier: Apache-2.0
"""The folder of a zoo: what it needs, whose it is, and its files.

`manifest.json` comes first and `zoo.json` last, so a folder with a zoo.json is complete. A run that
ended early goes on where it stopped.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from export import stages, writing
from export import zoo as zoo_file
from export.checkpoint import Checkpoint, ExportError
from whole_text import read_text, write_text

from zoo import redraw
from zoo.parents import Parent
from zoo.plan import Child, first_redrawn

MADE_BY = "tools/make_zoo.py"
WRITERS = 4  # threads; each holds a child or two in memory


@dataclass(frozen=True)
class Zoo:
    """`settings` are what the files follow from."""

    architecture: str
    parents: Sequence[Parent]
    children: Sequence[Child]
    settings: dict[str, Any]

    def name(self, child: Child) -> str:
        return f"{self.architecture}-p{child.parent}-{child.index:02d}-last{child.redrawn}"

    def weights(self, child: Child) -> str:
        """Children that equal their parent have one file."""
        stem = self.name(child) if child.redrawn else f"{self.architecture}-p{child.parent}"
        return f"{stem}.safetensors"

    def files(self) -> dict[str, Child]:
        return {self.weights(child): child for child in self.children}

    def missing_bytes(self, folder: Path) -> int:
        return sum(
            self.parents[child.parent].layout.bytes
            for file, child in self.files().items()
            if not (folder / file).is_file()
        )


def require_own(folder: Path, settings: dict[str, Any]) -> None:
    """Raises ExportError for a folder with other content than (a part of) the same zoo."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise ExportError(f"--output={folder} is not a folder")
    try:
        found = json.loads(read_text(folder / "manifest.json"))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("made_by") != MADE_BY:
        raise ExportError(f"--output={folder} has content that is not a zoo's; give a new folder")
    held = found.get("settings")
    held = held if isinstance(held, dict) else {}
    differing = [
        f"{key} {held.get(key)!r}, not {value!r}"
        for key, value in settings.items()
        if held.get(key) != value
    ]
    if differing:
        raise ExportError(
            f"--output={folder} holds another zoo ({'; '.join(differing)}); give a new folder"
        )


def require_room(folder: Path, needed: int) -> int:
    """Free bytes. Raises ExportError where they do not suffice."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if needed > free:
        raise ExportError(
            f"--output={folder}: the zoo needs {needed / 1e9:.2f} GB, but only {free / 1e9:.2f} GB "
            "are free; give fewer --candidates or a folder on a larger disk"
        )
    return free


def write(zoo: Zoo, folder: Path, progress: Callable[[int, str], None]) -> Path:
    """`progress` gets the number of children that are written, and the last one's name."""
    folder.mkdir(parents=True, exist_ok=True)
    write_text(json.dumps(_manifest(zoo), indent=1) + "\n", folder / "manifest.json")
    entries: dict[int, dict[str, Any]] = {}
    for number, parent in enumerate(zoo.parents):
        checkpoint = parent.load()
        tokenizer = folder / f"p{number}.tokenizer" if checkpoint.tokenizer else None
        if tokenizer:
            writing.write_tokenizer(checkpoint.tokenizer, tokenizer)
        children = [child for child in zoo.children if child.parent == number]
        for child in _write_weights(zoo, children, checkpoint, folder):
            entries[child.index] = zoo_file.entry(
                zoo.name(child),
                checkpoint,
                folder / zoo.weights(child),
                tokenizer,
                folder / "zoo.json",
            )
            progress(len(entries), zoo.name(child))
    text = json.dumps([entries[index] for index in sorted(entries)], indent=1)
    write_text(text + "\n", folder / "zoo.json")
    return folder / "zoo.json"


def _write_weights(
    zoo: Zoo, children: Sequence[Child], parent: Checkpoint, folder: Path
) -> Iterator[Child]:
    """The children in their order, each once its file is there, WRITERS at a time."""
    stage_of, blocks = stages.of_tensors(zoo.architecture, parent.tensors)

    def write_file(path: Path, child: Child) -> None:
        if not path.is_file():
            writing.write_weights(_tensors_of(child, parent, stage_of, blocks), path)

    writers = ThreadPoolExecutor(min(WRITERS, os.cpu_count() or 1))
    try:
        files: dict[Path, Future[None]] = {}
        for child in children:
            path = folder / zoo.weights(child)
            if path not in files:
                files[path] = writers.submit(write_file, path, child)
        for child in children:
            files[folder / zoo.weights(child)].result()
            yield child
    finally:
        writers.shutdown(cancel_futures=True)


def _tensors_of(
    child: Child, parent: Checkpoint, stage_of: dict[str, int], blocks: int
) -> Checkpoint:
    """Without a source, which the manifest has, so that a repeated run writes equal bytes."""
    first = first_redrawn(blocks, child.redrawn)
    changed = [name for name, stage in stage_of.items() if stage >= first]
    tensors = parent.tensors | redraw.redraw(parent.tensors, changed, child.seed)
    return Checkpoint(parent.architecture, tensors, source="", config=parent.config)


def _manifest(zoo: Zoo) -> dict[str, Any]:
    rows = [
        {
            "name": zoo.name(child),
            "parent": zoo.parents[child.parent].source,
            "redrawn_blocks": child.redrawn,
            "seed": child.seed,
            "weights": zoo.weights(child),
        }
        for child in zoo.children
    ]
    return {"made_by": MADE_BY, "settings": zoo.settings, "children": rows}
