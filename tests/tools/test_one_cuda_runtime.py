# SPDX-License-Identifier: Apache-2.0
"""The program loads exactly one CUDA runtime: LibTorch's and never the toolkit's too."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_exactly_one_libcudart_is_loaded() -> None:
    binary = Path(os.environ.get("MODEL_SEARCH_BINARY", ROOT / "build/release/model_search_bench"))
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    done = subprocess.run(
        [binary, "--benchmark_list_tests"],
        env={**os.environ, "LD_DEBUG": "libs"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(re.findall(r"calling init: (\S*libcudart\S*)", done.stderr))
    assert len({os.path.realpath(path) for path in loaded}) == 1, loaded
