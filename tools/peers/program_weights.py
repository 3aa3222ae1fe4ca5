# SPDX-License-Identifier: Apache-2.0
"""The weights that our program measures with, for Python's networks: both sides compute the same.

Without a folder of checkpoints our program makes random weights whose BatchNorm statistics fit
photographs, in its cache folder; its version of them and the seed are in the files' names.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from export import expected

from peers import load_files, our_program
from peers.peer_process import PeerError

DEFAULT_CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "model-search-bench"
)


def flags(weights_dir: Path | None, cache: Path) -> dict[str, Any]:
    """The flags with which our program uses the files that `find` gives."""
    return {"cache_dir": cache} | ({"weights_dir": weights_dir} if weights_dir else {})


def ensure(binary: Path, architectures: Iterable[str], cache: Path) -> None:
    """Lets our program make the random weights that are missing. Raises PeerError."""
    missing = [name for name in architectures if not find_random(cache, name)]
    if missing:
        our_program.rows(binary, {"steps": "LoadModel", "devices": "cpu", "batches": 2,
                                  "architectures": ",".join(missing), "configurations": "full",
                                  "warmup_batches": 1, "cache_dir": cache})  # fmt: skip


def find(weights_dir: Path | None, cache: Path, architecture: str) -> Path:
    """Raises PeerError when there is none."""
    if weights_dir:
        path = weights_dir / f"{architecture}.safetensors"
        if not path.is_file():
            raise PeerError(f"--weights-dir={weights_dir}: it has no {path.name}")
        return path
    found = find_random(cache, architecture)
    if not found:
        raise PeerError(f"{cache / 'weights'}: our program made no weights of {architecture}")
    return found


def network(architecture: str, weights: str) -> Any:
    """Python's network with the tensors of a file; with random ones where the path is empty."""
    from peers import networks

    made = networks.build(architecture)
    if weights:
        load(made, architecture, Path(weights))
    return made


def load(network: Any, architecture: str, path: Path) -> None:
    """Fills a network that ends with its features. Raises PeerError where tensors are missing."""
    from safetensors.torch import load_file

    target = load_files.stateful(network, architecture)
    missing = target.load_state_dict(load_file(path), strict=False).missing_keys
    needed = [name for name in missing if not expected.is_optional(name)]
    if needed:
        raise PeerError(f"{path} lacks {len(needed)} tensors of {architecture}, as {needed[0]}")


def find_random(cache: Path, architecture: str, seed: int = 0) -> Path | None:
    """The file of the latest version; 0 is our program's default seed."""
    end = f"-seed{seed}.safetensors"
    pattern = re.compile(rf"{architecture}-random-v(\d+){re.escape(end)}")
    files = (cache / "weights").glob(f"{architecture}-random-v*{end}")
    versions = {int(m[1]): path for path in files if (m := pattern.fullmatch(path.name))}
    return versions[max(versions)] if versions else None
