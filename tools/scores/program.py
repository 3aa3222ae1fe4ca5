# SPDX-License-Identifier: Apache-2.0
"""Runs score_features, the program's scores for features that are files, and reads its JSON."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from results import schema

BINARY = Path(__file__).parents[2] / "build" / "release" / "score_features"
PROBES = tuple(schema.AXES["probe"].values)
_SCORED = (0, 1)  # Exit codes with JSON; with 1 some of its entries are errors.


class ScoringError(Exception):
    """Nothing can be scored; the message is one line."""


@dataclass(frozen=True)
class Settings:
    """Without `probes`, all scores run. `labels` is a safetensors file, for files without any."""

    binary: Path = BINARY
    probes: Sequence[str] = ()
    device: str = "cpu"
    threads: int | None = None
    seed: int = 0
    repetitions: int = 1
    labels: Path | None = None


@dataclass(frozen=True)
class ScoredFile:
    """What the program says of a file: an `error`, or its sizes and an entry for each score."""

    file: Path
    error: str | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scored:
    """`scores` are the names of those asked for; `needs_probabilities` of those that need source
    probabilities."""

    context: dict[str, Any]
    scores: list[str]
    needs_probabilities: frozenset[str]
    files: list[ScoredFile]


def run(files: Sequence[Path], settings: Settings) -> Scored:
    """Raises ScoringError where the program refuses its flags or does not run."""
    document = _document(files, settings)
    return Scored(
        document["context"],
        [s["score"] for s in document["scores"]],
        frozenset(s["score"] for s in document["scores"] if s["needs_source_probabilities"]),
        [_file(path, entry) for path, entry in zip(files, document["files"], strict=True)],
    )


def command(files: Sequence[Path], settings: Settings) -> list[str]:
    flags: dict[str, Any] = {
        "device": settings.device,
        "seed": settings.seed,
        "repetitions": settings.repetitions,
    }
    if settings.probes:
        flags["probes"] = ",".join(settings.probes)
    if settings.threads:
        flags["threads"] = settings.threads
    if settings.labels:
        flags["labels"] = settings.labels
    given = [f"--{name}={value}" for name, value in flags.items()]
    return [str(settings.binary), *given, "--", *map(str, files)]


def _document(files: Sequence[Path], settings: Settings) -> dict[str, Any]:
    try:
        done = subprocess.run(command(files, settings), capture_output=True, text=True, check=False)
    except OSError as error:
        raise ScoringError(
            f"{settings.binary}: {error.strerror}; build the program, or give --binary"
        ) from None
    if done.returncode not in _SCORED:
        last = (done.stderr.strip().splitlines() or ["it printed no message"])[-1]
        raise ScoringError(f"{settings.binary.name} (exit code {done.returncode}): {last}")
    return json.loads(done.stdout)


def _file(path: Path, entry: dict[str, Any]) -> ScoredFile:
    scores = {score.pop("score"): score for score in entry.get("scores", [])}
    sizes = {key: value for key, value in entry.items() if isinstance(value, int)}
    return ScoredFile(path, entry.get("error"), sizes, scores)
