# SPDX-License-Identifier: Apache-2.0
"""Folders are rooms in an order: what a file includes or imports lies in the same room or an
earlier one, and no files include each other in a circle."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from include_graph import Arrow, imports, includes, system_includes

CPP_TOPS = ("datasets", "fixtures", "benchmarks", "tools")
# Of each top folder in C++, from the first room to the last. A file in the top folder itself
# (benchmarks/main.cpp) comes after all of its rooms.
ROOMS = {
    "datasets": ("files", "images", "text", "loading", "generated"),
    "fixtures": ("devices", "models", "weights", "measuring", "searching"),
    "benchmarks": ("grid", "steps", "workers", "results"),
}
# The rooms of tools/ are not in an order: only `results` must not import another one.
GPU_FOLDERS = ("fixtures/devices/gpu/", "fixtures/models/fused/")
TOOLS = (
    "results",
    "report",
    "compare",
    "track",
    "peers",
    "export",
    "zoo",
    "scores",
    "merge",
    "search",
    "slurm",
)


def place(path: str) -> tuple[int, int] | None:
    """Where a file stands in the order of top folders and rooms; a test stands where what it tests
    does, but after all rooms. None: not a path below a top folder."""
    parts = path.removeprefix("tests/").split("/")
    if len(parts) < 2 or parts[0] not in CPP_TOPS:
        return None
    top, room = parts[:2]
    rooms = ROOMS.get(top, ())
    in_room = len(parts) > 2 and room in rooms and not path.startswith("tests/")
    return CPP_TOPS.index(top), rooms.index(room) if in_room else len(rooms)


def against_order(arrows: Iterable[Arrow]) -> set[Arrow]:
    """The arrows that point to a later room, or from the program's files to its tests'."""
    wrong = set()
    for source, target in arrows:
        if target.startswith("tests/") and source.startswith("tests/"):
            continue
        source_place, target_place = place(source), place(target)
        outside = target.startswith("tests/") or target_place is None
        if outside or (source_place is not None and source_place < target_place):
            wrong.add((source, target))
    return wrong


def circle(arrows: Iterable[Arrow]) -> list[str]:
    """A circle of arrows, or an empty list where the arrows have no circle."""
    graph: dict[str, set[str]] = {}
    for source, target in arrows:
        graph.setdefault(source, set()).add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def between_rooms(arrows: Iterable[Arrow]) -> set[Arrow]:
    """Arrows between the rooms of tools/; the scripts in tools/ itself are in no room."""
    rooms = {
        (source.split("/")[1], target.split("/")[1])
        for source, target in arrows
        if source.count("/") > 1 and target.count("/") > 1
    }
    return {(source, target) for source, target in rooms if source != target}


def listed(arrows: Iterable[Arrow]) -> str:
    return "\n".join(f"{source} -> {target}" for source, target in sorted(arrows))


def test_includes_point_to_earlier_rooms(root: Path) -> None:
    wrong = against_order(includes(root, (*CPP_TOPS, "tests")))
    assert not wrong, f"includes against the order of rooms; cut them:\n{listed(wrong)}"


def test_no_files_include_each_other(root: Path) -> None:
    assert circle(includes(root, (*CPP_TOPS, "tests"))) == []


def test_no_modules_import_each_other(root: Path) -> None:
    assert circle(imports(root, "tools")) == []


def test_rooms_of_tools_have_no_circle(root: Path) -> None:
    arrows = between_rooms(imports(root, "tools"))
    assert circle(arrows) == [], listed(arrows)
    assert [target for source, target in arrows if source == "results"] == []


def test_every_folder_is_a_room(root: Path) -> None:
    for top, rooms in (ROOMS | {"tools": (*TOOLS, "cmake")}).items():
        folders = {path.name for path in (root / top).iterdir() if path.is_dir()}
        assert folders - {"__pycache__"} <= set(rooms), f"{top}/ has a folder that is not a room"


def test_only_benchmarks_know_google_benchmark(root: Path) -> None:
    users = {
        source
        for source, target in system_includes(root, ("datasets", "fixtures"))
        | includes(root, ("datasets", "fixtures"))
        if target == "benchmark/benchmark.h"
    }
    assert not users, f"these files must not include Google Benchmark: {sorted(users)}"


def test_vendor_libraries_and_kernels_stay_in_the_gpus_folders(root: Path) -> None:
    elsewhere = {
        source
        for source, target in system_includes(root, CPP_TOPS)
        if target in {"nvjpeg.h", "nvml.h", "cublasLt.h", "dlfcn.h"}
        or source.endswith((".cu", ".cuh"))
        if not source.startswith(GPU_FOLDERS)
    }
    assert not elsewhere, f"move these below {GPU_FOLDERS}: {sorted(elsewhere)}"


@pytest.mark.parametrize(
    ("source", "target", "wrong"),
    [
        ("datasets/loading/a.h", "datasets/files/a.h", False),
        ("datasets/loading/a.h", "datasets/loading/b.h", False),
        ("datasets/images/a.h", "datasets/loading/a.h", True),
        ("fixtures/devices/gpu/a.cu", "fixtures/devices/b.h", False),
        ("fixtures/devices/a.h", "fixtures/models/a.h", True),
        ("fixtures/models/a.h", "datasets/generated/a.h", False),
        ("fixtures/searching/a.h", "benchmarks/grid/a.h", True),
        ("benchmarks/main.cpp", "benchmarks/results/a.h", False),
        ("benchmarks/results/a.h", "benchmarks/own.h", True),
        ("tools/peers/a.cpp", "datasets/images/a.h", False),
        ("tests/datasets/files/a_test.cpp", "datasets/loading/a.h", False),
        ("tests/datasets/files/a_test.cpp", "tests/temporary_folder.h", False),
        ("tests/datasets/files/a_test.cpp", "fixtures/models/a.h", True),
        ("datasets/files/a.h", "tests/temporary_folder.h", True),
        ("datasets/files/a.h", "a.h", True),
    ],
)
def test_the_order_of_rooms(source: str, target: str, wrong: bool) -> None:
    assert against_order([(source, target)]) == ({(source, target)} if wrong else set())


def test_circles_are_found(tmp_path: Path) -> None:
    for name, text in {
        "datasets/a.h": '#include "datasets/b.h"\n',
        "datasets/b.h": '#pragma once\n  # include "datasets/a.h" // why\n#include <vector>\n',
        "tools/report/__init__.py": "",
        "tools/report/page.py": "def draw():\n    from compare.table import rows\n",
        "tools/compare/__init__.py": "",
        "tools/compare/table.py": "import json\nfrom . import rule\nfrom report import page\n",
        "tools/compare/rule.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert set(circle(includes(tmp_path, ["datasets"]))) == {"datasets/a.h", "datasets/b.h"}
    arrows = imports(tmp_path, "tools")
    assert ("tools/compare/table.py", "tools/compare/rule.py") in arrows
    assert set(circle(arrows)) == {"tools/report/page.py", "tools/compare/table.py"}
    assert between_rooms(arrows) == {("report", "compare"), ("compare", "report")}
