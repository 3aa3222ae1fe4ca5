# SPDX-License-Identifier: Apache-2.0
"""Reads which file of the tree includes or imports which: arrows between paths below its root."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

Arrow = tuple[str, str]

CPP = {".cpp", ".h", ".cu", ".cuh"}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
SYSTEM_INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)


def _files(root: Path, tops: Iterable[str], suffixes: set[str]) -> Iterator[Path]:
    for top in tops:
        for path in sorted((root / top).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path


def includes(root: Path, tops: Iterable[str]) -> set[Arrow]:
    """Quoted includes of the C++ and CUDA files of these folders, as they are written."""
    return {
        (path.relative_to(root).as_posix(), included)
        for path in _files(root, tops, CPP)
        for included in INCLUDE.findall(path.read_text())
    }


def system_includes(root: Path, tops: Iterable[str]) -> set[Arrow]:
    """Includes in angle brackets."""
    return {
        (path.relative_to(root).as_posix(), included)
        for path in _files(root, tops, CPP)
        for included in SYSTEM_INCLUDE.findall(path.read_text())
    }


def imports(root: Path, top: str) -> set[Arrow]:
    """Imports of the Python files of a folder that other files of it satisfy; `top` is the folder
    that Python searches. Imports inside functions count too."""
    modules = {
        ".".join(path.relative_to(root / top).with_suffix("").parts).removesuffix(".__init__"): path
        for path in _files(root, [top], {".py"})
    }
    arrows = set()
    for module, path in modules.items():
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for name in _imported(ast.parse(path.read_text()), package):
            # `from report import reader` names a module, `from report.reader import read` does not.
            target = modules.get(name) or modules.get(name.rpartition(".")[0])
            if target is not None and target != path:
                arrows.add((path.relative_to(root).as_posix(), target.relative_to(root).as_posix()))
    return arrows


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
