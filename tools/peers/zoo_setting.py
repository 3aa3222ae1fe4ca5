# SPDX-License-Identifier: Apache-2.0
"""What the plain procedure in Python searches, and the zoo file that both sides read."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from export import architectures, zoo
from export.checkpoint import ExportError

from peers.peer_process import PeerError
from peers.rows import row_name


@dataclass(frozen=True)
class Candidate:
    name: str
    architecture: str
    weights: str


@dataclass(frozen=True)
class ZooSetting:
    """`candidates` are measured, of the `total` of the zoo: where they are fewer, seconds are
    scaled. Each of `probes` scores them. `folder` holds `train/<class>/*`. Where `features_dir` is
    not empty, the features are written there after the timed region."""

    zoo: str
    candidates: tuple[Candidate, ...]
    total: int
    folder: str
    probes: tuple[str, ...]
    workers: int = 12
    batch: int = 128
    device: str = "cpu"
    precision: str = "torch"
    seed: int = 0
    features_dir: str = ""

    @property
    def scaled(self) -> bool:
        return len(self.candidates) < self.total

    def row_name(self, probe: str) -> str:
        keys = {
            "peer": "python",
            "precision": self.precision,
            "probe": probe,
            "workers": str(self.workers),
        }
        if self.scaled:
            keys["peer_candidates"] = str(len(self.candidates))
        return row_name(f"Search/{self.zoo}/{self.device}", keys, self.batch)


def name_of(path: Path) -> str:
    """As our program names it in rows: after its folder, or after a file with another name."""
    return path.resolve().parent.name if path.name == "zoo.json" else path.stem


def read(path: Path) -> list[Candidate]:
    """Weights have whole paths. Raises PeerError for what is not a zoo of images' checkpoints."""
    try:
        entries = zoo.read(path)
    except ExportError as error:
        raise PeerError(f"--candidates={error}") from None
    if not entries:
        raise PeerError(f"--candidates={path}: no such file, or no candidates in it")
    found = [_candidate(entry, path) for entry in entries]
    counts = Counter(each.name for each in found)
    for name, count in counts.items():
        if count > 1:
            raise PeerError(f"--candidates={path}: {count} candidates are named '{name}'")
    return found


def _candidate(entry: dict, path: Path) -> Candidate:
    place = f"--candidates={path}, '{entry['name']}'"
    architecture, weights = entry.get("architecture"), entry.get("weights")
    known = architectures.names("images")
    if architecture not in known:
        raise PeerError(
            f"{place}: Python's side searches images; architecture {architecture!r} is not one of "
            + ", ".join(known)
        )
    file = path.parent / str(weights)
    if not isinstance(weights, str) or not file.is_file():
        raise PeerError(f"{place}: weights {weights!r} are not a file that Python can read")
    return Candidate(entry["name"], architecture, str(file.resolve()))
