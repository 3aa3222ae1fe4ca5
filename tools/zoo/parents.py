# SPDX-License-Identifier: Apache-2.0
"""The parents of a zoo: random weights as the program makes them, or checkpoints."""

import hashlib
import json
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from export import expected, stages, state_dict_source
from export.checkpoint import Checkpoint, ExportError
from peers import our_program, program_weights
from results import schema

from zoo.plan import Layout


@dataclass(frozen=True)
class Parent:
    """`source` is a file's name or `random:<seed>`; `file` has its tensors."""

    source: str
    layout: Layout
    file: Callable[[], Path]
    load: Callable[[], Checkpoint]

    def digest(self) -> str:
        with self.file().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def given(architecture: str, path: Path) -> Parent:
    """Raises ExportError, also for tensors that are not finite."""

    def load() -> Checkpoint:
        try:
            checkpoint = state_dict_source.load(architecture, str(path))
            expected.check(checkpoint)
        except (ExportError, OSError) as error:
            raise ExportError(f"--parent={path}: {error}") from None
        for name, tensor in checkpoint.tensors.items():
            if tensor.dtype.is_floating_point and not tensor.isfinite().all():
                raise ExportError(f"--parent={path}: {name} has values that are not finite")
        return checkpoint

    sizes = {name: tensor.nbytes for name, tensor in load().tensors.items()}
    return Parent(path.name, _layout(architecture, sizes), lambda: path, load)


def random_ones(architecture: str, seeds: Sequence[int], cache: Path) -> list[Parent]:
    """Their files are there after make_random()."""
    sizes = {
        name: 4 * math.prod(shape)
        for name, shape in expected.shapes(architecture).items()
        if not name.endswith(".num_batches_tracked")
    }
    layout = _layout(architecture, sizes)

    def parent(seed: int) -> Parent:
        def file() -> Path:
            found = program_weights.find_random(cache, architecture, seed)
            if not found:
                raise ExportError(f"{cache / 'weights'} has no random:{seed} of {architecture}")
            return found

        def load() -> Checkpoint:
            from safetensors.torch import load_file

            vocabulary = _vocabulary(architecture, cache)
            tensors = load_file(file())
            return Checkpoint(architecture, tensors, f"random:{seed}", tokenizer=vocabulary)

        return Parent(f"random:{seed}", layout, file, load)

    return [parent(seed) for seed in seeds]


def make_random(architecture: str, seeds: Sequence[int], binary: Path, cache: Path) -> None:
    """Lets the program make what is missing or damaged in its cache. Raises PeerError."""
    entries = [
        {"name": f"p{index}", "architecture": architecture, "weights": f"random:{seed}"}
        for index, seed in enumerate(seeds)
    ]
    with tempfile.TemporaryDirectory() as folder:
        zoo, data = Path(folder) / "zoo.json", Path(folder) / "data"
        zoo.write_text(json.dumps(entries), encoding="utf-8")
        # One small picture, because drawing the default data set takes longer than the weights.
        (data / "train" / "class").mkdir(parents=True)
        (data / "train" / "class" / "0.ppm").write_bytes(b"P6 8 8 255\n" + bytes(3 * 8 * 8))
        our_program.rows(binary, {"steps": "LoadModel", "devices": "cpu", "batches": 2,
                                  "candidates": zoo, "configurations": "full",
                                  "warmup_batches": 1, "batch_sizes": 1, "data_dir": data,
                                  "cache_dir": cache})  # fmt: skip


def _vocabulary(architecture: str, cache: Path) -> list[Path]:
    """The small vocabulary that random text networks read; empty for images."""
    kind = schema.architecture(architecture).tokenizer
    folders = sorted(cache.glob(f"vocabulary-v*-{kind}")) if kind else []
    return sorted(path for path in folders[-1].iterdir() if path.is_file()) if folders else []


def _layout(architecture: str, sizes: dict[str, int]) -> Layout:
    stage_of, blocks = stages.of_tensors(architecture, sizes)
    return Layout.of(stage_of, blocks, sizes)
