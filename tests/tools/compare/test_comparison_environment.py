# SPDX-License-Identifier: Apache-2.0
"""Which entries of the context must be equal, and how differences are told."""

from pathlib import Path

import pytest
from compare import environment
from results.processes import read_process


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cpu_model", "machine"),
        ("gpu_uuid", "machine"),
        ("driver_version", "driver"),
        ("libtorch_version", "library"),
        ("library_build_type", "library"),
        ("harness_build_type", "build"),
        ("data_identity", "data"),
        ("weights_resnet18", "data"),
        ("option_batches", "option"),
        ("option_batch_sizes", ""),
        ("something_new", "option"),
        ("git_revision", ""),
        ("date", ""),
    ],
)
def test_entries_of_the_context_have_a_kind(name: str, kind: str) -> None:
    assert environment.kind_of(name) == kind


def test_every_entry_of_a_real_context_is_classified(root: Path) -> None:
    """`option` is also what is not known: nothing else may fall there."""
    for file in (root / "reports/baselines").glob("*.json"):
        for name in read_process(file).context:
            kind = environment.kind_of(name)
            assert kind != "option" or name.startswith("option_") or name in ("seed", "page_cache")


def test_different_conditions_are_named_and_may_be_allowed() -> None:
    base = {"cpu_model": "A", "driver_version": "1", "git_revision": "x", "weights_a": "1"}
    new = {"cpu_model": "B", "driver_version": "2", "git_revision": "y"}
    found = environment.differences(base, new)
    assert [(d.kind, d.name) for d in found] == [
        ("machine", "cpu_model"),
        ("driver", "driver_version"),
    ]
    assert "--allow-different=machine,driver" in environment.message(found)
    assert environment.differences(base, new, ["machine", "driver_version"]) == []
    assert environment.unknown(["machine", "cpu_model", "cpu"], base) == ["cpu"]
