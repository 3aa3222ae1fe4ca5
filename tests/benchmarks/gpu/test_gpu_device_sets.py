# SPDX-License-Identifier: Apache-2.0
"""A search on several GPUs gives what one gives. Skipped without a GPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from search_zoo import Zoo, distance, done, label
from test_gpu_program import GPUS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(GPUS == 0, reason="no CUDA device is visible")
# Of strict float32 on a GPU, whose libraries may choose other kernels.
TOLERANCE = 1e-4


# One GPU that is named twice is two devices that share its memory.
@pytest.mark.parametrize("devices", ["cuda:0+0", pytest.param("cuda:all", marks=pytest.mark.skipif(
    GPUS < 2, reason="fewer than two CUDA devices are visible"))])  # fmt: skip
@pytest.mark.parametrize("decoder", ["turbojpeg", "nvjpeg"])
@pytest.mark.parametrize("budget", ["all", "halving"])
def test_several_gpus_give_what_one_gives(
    zoo: Zoo, tmp_path: Path, devices: str, decoder: str, budget: str
) -> None:
    found = {}
    for name in ("cuda", devices):
        folder = tmp_path / name.replace(":", "_")
        flags = [flag for flag in zoo.flags(folder) if not flag.startswith(("--dev", "--dec"))]
        found[name] = done(
            zoo.program.run(*flags, f"--devices={name}", f"--decoders={decoder}",
                            f"--budgets={budget}", "--precisions=fp32"), folder)  # fmt: skip
    one, several = found["cuda"], found[devices]
    assert several.ranking == one.ranking
    for name, features in several.features.items():
        assert distance(features, one.features[name]) <= TOLERANCE, name
    assert several.row["devices"] == len(label(several.row)["devices"].split(","))
    assert several.row["failed_devices"] == 0
    assert several.row["device_seconds1"] > 0
    assert several.row["peak_device_bytes"] > 0


def test_a_gpu_that_fails_leaves_its_subtrees_to_the_other(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = [flag for flag in zoo.flags(tmp_path) if not flag.startswith("--devices")]
    one = done(zoo.program.run(*flags, "--devices=cuda"), tmp_path)
    monkeypatch.setenv("MODEL_SEARCH_FAULT", "device_failure=0:Search/")
    outcome = zoo.program.run(*flags, "--devices=cuda:0+0")
    assert outcome.code == 1
    (row,) = outcome.rows
    assert not row.get("error_occurred"), row
    assert label(row)["ranking"].split(",") == one.ranking


def test_end_to_end_on_several_gpus_gives_what_one_gives(zoo: Zoo) -> None:
    rows = []
    for devices in ("cuda", "cuda:0+0" if GPUS == 1 else "cuda:all"):
        outcome = zoo.program.run(
            f"--devices={devices}", f"--data_dir={zoo.images}", "--steps=EndToEnd",
            "--architectures=mobilenet_v2", "--configurations=full", "--modes=overlapped",
            "--batch_sizes=3", "--items=16", "--precisions=fp32", "--decoders=turbojpeg",
        )  # fmt: skip
        assert outcome.code == 0, outcome.stderr + str(outcome.rows)
        rows += outcome.rows
    one, several = rows
    assert several["accuracy"] == one["accuracy"]
    assert several["loss"] == pytest.approx(one["loss"], rel=1e-3)
