# SPDX-License-Identifier: Apache-2.0
"""Our side of a comparison of loaders: LoadData and EndToEnd rows of our program. Also runs
libjpeg-turbo alone."""

import subprocess
from pathlib import Path

from peers import our_program
from peers.loader_setting import LoaderSetting
from peers.our_program import Row
from peers.peer_process import PeerError
from peers.rows import PeerResult, loader_result


def run(binary: Path, setting: LoaderSetting, flags: dict[str, str]) -> tuple[list[Row], Row]:
    """Rows and context of a fresh process. Raises PeerError when it wrote none, or a row failed."""
    given = {
        "data_dir": setting.folder,
        "workers": setting.workers,
        "batch_sizes": setting.batch,
        "batches": setting.batches,
        "warmup_batches": setting.warmup_batches,
    }
    if setting.architecture:
        given |= {
            "steps": "EndToEnd",
            "architectures": setting.architecture,
            "configurations": "full",
            "devices": setting.device,
        }
        if setting.device != "cpu":
            given["precisions"] = setting.precision
    else:
        given |= {"steps": "LoadData", "architectures": "resnet18", "devices": setting.device}
    return our_program.rows(binary, given | flags)


def rate(row: Row) -> float:
    """Items per second; those of the extraction if the row is a whole search."""
    if "extract_seconds" in row:
        return float(row["items"]) / float(row["extract_seconds"])
    return float(row["items_per_second"])


def bare_decode(binary: Path, setting: LoaderSetting) -> PeerResult:
    """Decodes whole images from memory to RGB, on as many threads as the loader has workers."""
    program = binary.parent / "bare_decode"
    images = max(setting.measured_items, 256)
    try:
        process = subprocess.run(
            [str(program), setting.folder, str(setting.workers), str(images)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise PeerError(f"{program}: {error.strerror}") from None
    if process.returncode != 0:
        raise PeerError(f"{program} failed: {process.stderr.strip()}")
    return loader_result(setting.batch, float(process.stdout))
