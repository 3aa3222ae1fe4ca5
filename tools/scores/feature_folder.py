# SPDX-License-Identifier: Apache-2.0
"""A folder of features: a file for each candidate, safetensors or npz.

A file holds `features` [N, D], `labels` [N] and optionally `source_probabilities` [N, Z]. The
program's --features_dir writes the first two. `labels.safetensors` or `labels.npz` in the folder
has the labels of all files that have none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from scores.program import ScoringError

ENDINGS = (".safetensors", ".npz")
TENSORS = ("features", "labels", "source_probabilities")
_LABELS = "labels"
_WHOLE = ".full"  # The program's files bear the configuration.


@dataclass(frozen=True)
class FeatureFolder:
    """`files` are safetensors files by the candidate's name, and `sources` the files that they were
    made of; `left_out` says why a file cannot be read."""

    files: Mapping[str, Path]
    sources: Mapping[str, Path]
    labels: Path | None
    left_out: Mapping[Path, str]


@contextmanager
def opened(folder: Path, labels: Path | None = None) -> Iterator[FeatureFolder]:
    """npz files are converted in a temporary folder, which is removed with the context. `labels`
    counts in place of the folder's file of labels. Raises ScoringError where nothing is there, and
    names the file itself in one raised within the context for such a copy."""
    if not folder.is_dir():
        raise ScoringError(f"{folder}: no such folder")
    found = sorted(path for path in folder.iterdir() if path.suffix in ENDINGS)
    candidates = [path for path in found if path.stem != _LABELS]
    if not candidates:
        raise ScoringError(f"{folder}: it has no files of features ({', '.join(ENDINGS)})")
    shared = labels or _only([path for path in found if path.stem == _LABELS])
    with TemporaryDirectory() as temporary:
        files, sources, left_out = {}, {}, {}
        for index, (name, path) in enumerate(_named(candidates)):
            try:
                files[name] = _as_safetensors(path, Path(temporary) / f"{index}.safetensors")
                sources[name] = path
            except ScoringError as error:
                left_out[path] = str(error)
        copy = Path(temporary) / "labels.safetensors"
        all_labels = _as_safetensors(shared, copy) if shared else None
        try:
            yield FeatureFolder(files, sources, all_labels, left_out)
        except ScoringError as error:
            raise ScoringError(str(error).replace(str(copy), str(shared))) from None


def with_other_items(files: Mapping[str, Path], labels: Path | None = None) -> list[str]:
    """The candidates whose labels are not those of most: scores of different items do not compare.
    Raises ScoringError for a file without labels where `labels` has none for it."""
    own = {name: _labels(path, labels) for name, path in files.items()}
    most = Counter(own.values()).most_common(1)
    return [name for name, values in own.items() if values != most[0][0]]


def _labels(path: Path, shared: Path | None) -> bytes:
    for file in filter(None, (path, shared)):
        try:
            with safe_open(file, "np") as tensors:
                if _LABELS in tensors.keys():  # noqa: SIM118  no dict
                    return tensors.get_tensor(_LABELS).astype(np.int64).tobytes()
        except (OSError, SafetensorError) as error:
            raise ScoringError(f"{file}: not a file of features ({error})") from None
    raise ScoringError(f"{path}: it has no labels")


def _only(labels: list[Path]) -> Path | None:
    if len(labels) > 1:
        names = ", ".join(path.name for path in labels)
        raise ScoringError(f"{labels[0].parent}: {names}: only one of them can hold all labels")
    return labels[0] if labels else None


def _named(paths: list[Path]) -> Iterator[tuple[str, Path]]:
    """Files whose names differ in the ending alone keep it, as do those named like such a file."""
    stems = [path.stem.removesuffix(_WHOLE) for path in paths]
    names = [path.name for path in paths]
    for stem, path in zip(stems, paths, strict=True):
        yield (stem if stems.count(stem) == 1 and stem not in names else path.name), path


def _as_safetensors(path: Path, converted: Path) -> Path:
    """`path`, or where it is an npz file a copy of it as safetensors."""
    if path.suffix != ".npz":
        return path
    if not path.is_file():
        raise ScoringError(f"{path}: not a regular file")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            tensors = {name: arrays[name] for name in TENSORS if name in arrays}
            names = list(arrays)
    except Exception as error:  # numpy raises many kinds for damaged files
        raise ScoringError(f"{path}: not an npz file of plain numbers ({error})") from None
    if not tensors:
        raise ScoringError(
            f"{path}: it has none of {', '.join(TENSORS)}; it has: {', '.join(names) or 'nothing'}"
        )
    if _LABELS in tensors:
        tensors[_LABELS] = _whole_numbers(tensors[_LABELS])
    for name, values in tensors.items():
        if values.dtype.kind not in "fiub" or values.dtype.itemsize > 8:
            raise ScoringError(f"{path}: '{name}' is of type {values.dtype}; give plain numbers")
    contiguous = {
        name: np.ascontiguousarray(values, values.dtype.newbyteorder("="))
        for name, values in tensors.items()
    }
    save_file(contiguous, converted)
    return converted


def _whole_numbers(labels: np.ndarray) -> np.ndarray:
    """Labels as the program reads them, [N] int64, where they are whole numbers of another type or
    a column [N, 1]."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    fits = labels.dtype.kind in "iub" and (labels.size == 0 or labels.max() <= np.int64(2**63 - 1))
    return labels.astype(np.int64) if fits else labels
