# SPDX-License-Identifier: Apache-2.0
"""Our side of loading a model: LoadModel rows of full networks, in a fresh process."""

from pathlib import Path
from typing import Any

from peers import our_program
from peers.load_setting import LoadSetting
from peers.our_program import Row


def run(binary: Path, setting: LoadSetting, flags: dict[str, str]) -> tuple[list[Row], Row]:
    """Rows and context. Raises PeerError when the program wrote none, or a row failed."""
    given: dict[str, Any] = {
        "steps": "LoadModel",
        "weights_dir": setting.folder,
        "architectures": setting.architecture,
        "configurations": "full",
        "devices": setting.device,
        "threads": setting.threads,
        "page_caches": setting.page_cache,
        "batches": setting.loads,
        "warmup_batches": setting.warmup_loads,
    }
    return our_program.rows(binary, given | flags)
