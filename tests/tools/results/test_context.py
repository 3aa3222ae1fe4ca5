# SPDX-License-Identifier: Apache-2.0
"""Entries of the context have a kind, which the schema declares."""

from pathlib import Path

import pytest
from results import reader, schema
from results.context import KINDS, kind_of


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
        ("option_allocators", ""),
        ("allocator_settings", "option"),
        ("something_new", "option"),
        ("git_revision", ""),
        ("date", ""),
        ("peer_torch", ""),
        ("program_version", ""),
    ],
)
def test_entries_of_the_context_have_a_kind(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_every_entry_of_a_real_context_is_classified(root: Path) -> None:
    """Unknown entries are of kind `option`, so no known entry may become one by accident."""
    for file in (root / "reports/baselines").glob("*.json"):
        for name in reader.read(file).context:
            kind = kind_of(name)
            assert kind != "option" or name.startswith("option_") or name in (
                "seed", "page_cache", "allocator_settings"
            )  # fmt: skip


def test_the_kinds_are_the_schema_s() -> None:
    assert set(KINDS) == {entry.kind for entry in schema.CONTEXT} - {None}
