# SPDX-License-Identifier: Apache-2.0
"""What the tests of the built program share: the program, a small data set, and a cache folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from search_zoo import search_images, searches, zoo  # noqa: F401  fixtures

ROOT = Path(__file__).resolve().parents[2]

# The tests may run as a scheduler's task, of which the program would measure the shard.
sys.path.insert(0, str(ROOT / "tools"))
import scheduler  # noqa: E402

for _variable in os.environ.keys() - scheduler.outside().keys():
    del os.environ[_variable]


@dataclass
class Outcome:
    code: int
    stdout: str
    stderr: str
    rows: list[dict]
    context: dict


@dataclass
class Program:
    """The built program with a cache folder of its own, so that tests leave the user's alone."""

    binary: Path
    cache: Path

    def command(self, out: Path, *flags: str) -> list[str]:
        """Writes its results to `out`."""
        return [str(self.binary), f"--cache_dir={self.cache}", f"--benchmark_out={out}", *flags]

    def run(self, *flags: str, timeout: float = 300) -> Outcome:
        out = self.cache / "rows.json"
        out.unlink(missing_ok=True)
        done = subprocess.run(
            self.command(out, *flags),
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
        text = out.read_text() if out.exists() else ""
        # parse_constant: a bare NaN or Infinity is no JSON, though Python would take it.
        data = json.loads(text, parse_constant=_refuse) if text.strip() else {}
        return Outcome(
            done.returncode,
            done.stdout,
            done.stderr,
            data.get("benchmarks", []),
            data.get("context", {}),
        )


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} in the results")


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    binary = Path(os.environ.get("MODEL_SEARCH_BINARY", ROOT / "build/release/model_search_bench"))
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    return Program(binary, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 + 20 real photographs of ten classes in ImageNette's layout."""
    folder = tmp_path_factory.mktemp("photographs")
    subprocess.run(
        [
            sys.executable,
            str(ROOT / "tools/make_photographs.py"),
            "--train=40",
            "--val=20",
            f"--output={folder}",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder
