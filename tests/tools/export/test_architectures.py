# SPDX-License-Identifier: Apache-2.0
import os
import re
import subprocess
from pathlib import Path

import pytest
from export import architectures


def test_the_table_is_the_programs(root: Path) -> None:
    default = root / "build" / "release" / "model_search_bench"
    binary = Path(os.environ.get("MODEL_SEARCH_BINARY", default))
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    told = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout
    listed = re.search(r"--architectures LIST\s+Networks: ([\w, ]+)", told)
    assert listed, told
    assert tuple(listed[1].strip().split(", ")) == architectures.names()


def test_unknown_names_get_the_choices() -> None:
    with pytest.raises(KeyError, match=r"choices: resnet18 .* roberta_base"):
        architectures.find("resnet19")


def test_every_domain_is_covered() -> None:
    assert architectures.names("images") + architectures.names("text") == architectures.names()
