# SPDX-License-Identifier: Apache-2.0
"""Where the tools and the checked-in inputs lie."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def data() -> Path:
    return Path(__file__).parent / "data"


@pytest.fixture
def cpu(data: Path):
    from reporting import reader

    return reader.read([data / "cpu.json"])


@pytest.fixture
def both(data: Path):
    from reporting import reader

    return reader.read([data / "cpu.json", data / "cuda.json"])
