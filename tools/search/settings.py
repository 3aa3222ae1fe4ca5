# SPDX-License-Identifier: Apache-2.0
"""The settings of a search that suit this machine.

On a GPU: photographs are decoded by the GPU and the loader's workers together (`decoder=hybrid`),
networks of images compute in `channels_last`, and the batch follows the GPU's memory. A search
that fails for want of memory runs again with half of the batch, and one whose decoder cannot be
used with the CPU's. On a CPU the program's defaults hold. The precision is the program's default
unless the user names another: lower ones move features.
"""

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

_GB = 1e9
# Bytes of a GPU's memory from which on a batch is taken; smaller GPUs take the last one.
_BATCHES = ((64 * _GB, 512), (20 * _GB, 256), (0, 128))
_LEAST_BATCH = 8


@dataclass(frozen=True)
class Settings:
    """Without a batch the program's default holds; `decoder` is one of a GPU, or empty."""

    device: str
    batch: int | None = None
    decoder: str = ""
    layout: str = ""

    def flags(self) -> dict[str, str]:
        given = {
            "devices": self.device,
            "batch_sizes": str(self.batch or ""),
            "decoders": self.decoder,
            "layouts": self.layout,
        }
        return {name: value for name, value in given.items() if value}


def best(device: str | None, has_cuda: bool = True) -> Settings:
    """For `cpu`, `cuda`, … or, for None, the first GPU, where a program with CUDA finds one."""
    memory = _gpu_memory() if has_cuda else 0.0
    device = device or ("cuda" if memory else "cpu")
    if device == "cpu":
        return Settings("cpu")
    batch = next(batch for least, batch in _BATCHES if memory >= least)
    return Settings(device, batch, "hybrid", "channels_last")


def after(settings: Settings, error: str) -> Settings | None:
    """What to try after a search that failed with `error`; None where nothing is left."""
    if "out of memory" in error and settings.batch and settings.batch // 2 >= _LEAST_BATCH:
        return replace(settings, batch=settings.batch // 2)
    if settings.decoder and f"decoder '{settings.decoder}' cannot be used" in error:
        return replace(settings, decoder="")
    return None


def has_cuda(binary: Path) -> bool:
    """Whether the build of the program has CUDA (not after tools/setup.sh --cpu)."""
    try:
        cache = (binary.parent / "CMakeCache.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return "MODEL_SEARCH_CUDA:BOOL=OFF" not in cache


def _gpu_memory() -> float:
    """Bytes of the first GPU; 0 without one."""
    command = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return float(done.stdout.splitlines()[0]) * 2**20 if done.returncode == 0 else 0.0
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return 0.0
