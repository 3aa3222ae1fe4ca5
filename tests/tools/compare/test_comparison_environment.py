# SPDX-License-Identifier: Apache-2.0
"""Conditions in which two results differ are named, and may be allowed."""

from compare import environment


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


def test_a_file_without_the_allocators_settings_had_the_defaults() -> None:
    older: dict[str, str] = {}
    assert environment.differences(older, {"allocator_settings": "default"}) == []
    (found,) = environment.differences(older, {"allocator_settings": "expandable_segments:True"})
    assert (found.kind, found.base) == ("option", "default")
