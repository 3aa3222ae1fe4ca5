# SPDX-License-Identifier: Apache-2.0
"""Where the tools and the checked-in inputs lie."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import stubbed_scripts

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def stubs(tmp_path: Path) -> Path:
    return stubbed_scripts.make(tmp_path / "bin")


@pytest.fixture
def data() -> Path:
    return Path(__file__).parent / "data"


@pytest.fixture
def cpu(data: Path):
    from results import table

    return table.read([data / "cpu.json"])


@pytest.fixture
def both(data: Path):
    from results import table

    return table.read([data / "cpu.json", data / "cuda.json"])


@pytest.fixture(scope="session")
def program_binary() -> Path:
    """The built program; without it (the build of datasets/ alone) its tests are skipped."""
    binary = Path(os.environ.get("MODEL_SEARCH_BINARY", ROOT / "build/release/model_search_bench"))
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    return binary


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 photographs as `train/<class>/*`."""
    folder = tmp_path_factory.mktemp("photographs")
    command = [ROOT / "tools/make_photographs.py", "--train=20", "--val=20", f"--output={folder}"]
    subprocess.run([sys.executable, *map(str, command)], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def programs(tmp_path: Path):
    """`programs(side, **settings)`: a copy of fake_benchmark.py with these settings."""
    from paired_programs import FAKE, ROW

    def make(side: str, **settings) -> Path:
        folder = tmp_path / side
        folder.mkdir()
        shutil.copy(FAKE, folder / "fake.py")
        (folder / "fake.settings").write_text(json.dumps({"rows": {ROW: 0.01}} | settings))
        return folder / "fake.py"

    return make
