# SPDX-License-Identifier: Apache-2.0
import json
import subprocess
from pathlib import Path

import pytest
from export import architectures


def test_the_names_are_the_programs(program_binary: Path) -> None:
    printed = subprocess.run([program_binary, "--schema"], capture_output=True, text=True).stdout
    rows = json.loads(printed)["architectures"]
    assert architectures.names() == tuple(row["name"] for row in rows)
    for row in rows:
        assert architectures.find(row["name"]).domain == row["input"]


def test_unknown_names_get_the_choices() -> None:
    with pytest.raises(KeyError, match=r"choices: resnet18 .* roberta_base"):
        architectures.find("resnet19")


def test_every_domain_is_covered() -> None:
    assert architectures.names("images") + architectures.names("text") == architectures.names()
