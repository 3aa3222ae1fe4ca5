# SPDX-License-Identifier: Apache-2.0
"""The zoo that a search reads: checkpoints of PyTorch become safetensors first."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whole_text import read_text, write_text

from search.photographs import SearchError

_EXPORT = Path(__file__).parents[1] / "export_weights.py"
_PYTORCH = (".ckpt", ".pth", ".pt", ".bin")
NO_CANDIDATES = """no candidates: networks with random weights would be ranked by chance. Give
  --checkpoint=ARCHITECTURE:FILE   your checkpoint (.ckpt, .pth, .pt or .safetensors); once for each
  --zoo=zoo.json                   a list of checkpoints
Without any: tools/export_weights.py WEIGHTS --all --zoo=zoo.json fetches public ones, and
tools/make_zoo.py --trained makes a small zoo to try this with."""


def zoo(zoo_file: Path | None, checkpoints: Sequence[str], work: Path) -> Path:
    """A zoo file with paths that the program reads. Raises SearchError that names what is wrong."""
    entries = _entries(zoo_file) if zoo_file else []
    entries += [_given(text) for text in checkpoints]
    if not entries:
        raise SearchError(NO_CANDIDATES)
    names = [entry.get("name") for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise SearchError(f"two candidates are called '{name}'; rename one in a zoo file")
    if zoo_file and not checkpoints and not any(map(_needs_conversion, entries)):
        return zoo_file
    written = work / "zoo.json"
    work.mkdir(parents=True, exist_ok=True)
    write_text(json.dumps([e for e in entries if not _needs_conversion(e)], indent=1), written)
    for entry in filter(_needs_conversion, entries):
        _convert(entry, written)
    return written


def _entries(zoo_file: Path) -> list[dict[str, Any]]:
    """Of a zoo file, with absolute paths."""
    try:
        entries = json.loads(read_text(zoo_file))
    except OSError as error:
        raise SearchError(f"--zoo={zoo_file}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SearchError(f"--zoo={zoo_file}: not JSON ({error})") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SearchError(f"--zoo={zoo_file}: not a list of candidates")
    folder = zoo_file.absolute().parent
    for entry in entries:
        for key in ("weights", "tokenizer", "config"):
            value = entry.get(key)
            if isinstance(value, str) and not _is_random(key, value):
                entry[key] = str(folder / value)
    return entries


def _is_random(key: str, value: str) -> bool:
    return key == "weights" and (value == "random" or value.startswith("random:"))


def _given(text: str) -> dict[str, Any]:
    architecture, colon, file = text.partition(":")
    if not colon or not file:
        raise SearchError(f"--checkpoint={text}: write ARCHITECTURE:FILE, as resnet50:last.ckpt")
    path = Path(file).absolute()
    if not path.is_file():
        raise SearchError(f"--checkpoint={text}: no such file")
    name = "".join(c if c.isalnum() or c in "._-" else "-" for c in path.stem)
    return {"name": name, "architecture": architecture, "weights": str(path)}


def _needs_conversion(entry: dict[str, Any]) -> bool:
    weights = entry.get("weights")
    return isinstance(weights, str) and Path(weights).suffix.lower() in _PYTORCH


def _convert(entry: dict[str, Any], zoo_file: Path) -> None:
    source = f"state_dict:{entry.get('architecture')}:{entry['weights']}"
    command = [sys.executable, str(_EXPORT), str(zoo_file.parent / "weights"), source,
               f"--name={entry.get('name')}", f"--zoo={zoo_file}"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        print(done.stdout.strip(), file=sys.stderr)
        return
    reason = (done.stderr.strip().splitlines() or ["it printed no message"])[0]
    raise SearchError(f"'{entry.get('name')}' was not converted: {reason}")
