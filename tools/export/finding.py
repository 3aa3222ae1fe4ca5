# SPDX-License-Identifier: Apache-2.0
"""Where a network lies in what a training script saved: a dict and a prefix of its names.

Both are found by the names and shapes that the architecture must have, whatever they are called.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from export import architectures, expected
from export.checkpoint import ExportError

_DEEPEST = 6  # dicts within dicts
_SHOWN = 5
# Wrappers of modules within a network, which add a part to the names of what they wrap.
_INNER_WRAPPERS = re.compile(
    r"(?<![^.])(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\."
)
_BUFFERS = ("position_ids", "token_type_ids", "num_batches_tracked")

Tensors = dict[str, Tensor]


@dataclass(frozen=True)
class Wanted:
    """A network, and how its tensors' names in the file become the program's."""

    architecture: str
    config: dict[str, Any] | None = None
    convert: Callable[[Tensors], Tensors] = dict


@dataclass(frozen=True)
class Choice:
    """What the user selects where a file has several networks; None leaves it open."""

    key: str | None = None
    prefix: str | None = None


ANYWHERE = Choice()


@dataclass
class _Place:
    """A dict of tensors and a prefix; `named` and `fitting` count the tensors that are needed."""

    key: str
    prefix: str
    tensors: Tensors
    left: list[str]
    named: int = 0
    fitting: int = 0

    def __str__(self) -> str:
        return f"--key='{self.key}' --prefix='{self.prefix}'"


def find(tree: Any, wanted: Wanted, choice: Choice, path: Path) -> tuple[Tensors, list[str]]:
    """The network's tensors under the program's names, and notes: where it lay, what was left out.

    Where it is incomplete, the tensors are those of the likeliest place, for expected.check().
    Raises ExportError that names the choices where several networks are complete.
    """
    shapes = expected.shapes(wanted.architecture, wanted.config)
    needed = {name: shape for name, shape in shapes.items() if not expected.is_optional(name)}
    dicts = _chosen_dicts(tree, choice, path)
    places = [
        place for key, tensors in dicts for place in _places(key, tensors, wanted, needed, choice)
    ]
    whole = _distinct([place for place in places if place.fitting == len(needed)], needed)
    if len(whole) > 1:
        raise ExportError(
            f"{path}: holds several networks of {wanted.architecture}; choose one by "
            + " or ".join(map(str, whole))
        )
    best = whole[0] if whole else max(places, key=lambda place: place.named, default=None)
    if best is None or best.named == 0:
        names = [name for _, tensors in dicts for name in tensors][:_SHOWN]
        raise ExportError(
            f"{path}: holds no state dict of a {wanted.architecture} (the first names: "
            f"{', '.join(names)})"
        )
    return _network(best, shapes, wanted.architecture) if whole else (best.tensors, [])


def _network(place: _Place, shapes: dict, architecture: str) -> tuple[Tensors, list[str]]:
    """Leaves out what features do not need, except for the classifier, which some scores read, and
    blocks of a deeper network."""
    patterns = {_pattern(name) for name in shapes}
    head = architectures.find(architecture).head
    kept, left = {}, list(place.left)
    for name, tensor in place.tensors.items():
        fits = name in shapes and tuple(tensor.shape) == shapes[name]
        needed = fits or (_pattern(name) in patterns and not expected.is_optional(name))
        if needed or expected.is_classifier(architecture, name, tensor):
            kept[name] = tensor
        elif not name.startswith(head) and not name.endswith(_BUFFERS):
            left.append(place.prefix + name)
    notes = []
    if place.key or place.prefix:
        key = f" in '{place.key}'" if place.key else ""
        below = f" below '{place.prefix}'" if place.prefix else ""
        notes.append(f"its network lies{key}{below}")
    if left:
        more = ", …" if len(left) > _SHOWN else ""
        notes.append(
            f"{len(left)} tensors that its features do not need are left out: "
            f"{', '.join(left[:_SHOWN])}{more}"
        )
    return kept, notes


def _pattern(name: str) -> str:
    """Equal for the same tensor of different blocks."""
    return re.sub(r"\d+", "#", name)


def _chosen_dicts(tree: Any, choice: Choice, path: Path) -> list[tuple[str, Tensors]]:
    dicts = list(_dicts(tree))
    if not dicts:
        keys = [str(key) for key in tree][:10] if isinstance(tree, Mapping) else []
        known = f" (its keys: {', '.join(keys)})" if keys else ""
        raise ExportError(f"{path}: holds no state dict{known}; save network.state_dict()")
    if choice.key is None:
        return dicts
    chosen = [(k, t) for k, t in dicts if k == choice.key or k.endswith(f".{choice.key}")]
    if not chosen:
        known = ", ".join(f"'{key}'" for key, _ in dicts[:10])
        raise ExportError(f"{path}: --key='{choice.key}' is not in it; choices: {known}")
    return chosen


def _dicts(tree: Any, key: str = "", depth: int = 0) -> Iterator[tuple[str, Tensors]]:
    """Every dict that holds tensors, with the keys that lead to it."""
    if not isinstance(tree, Mapping) or depth > _DEEPEST:
        return
    tensors = {name: t for name, t in tree.items() if isinstance(name, str) and _is_tensor(t)}
    plain = {_INNER_WRAPPERS.sub("", name): tensor for name, tensor in tensors.items()}
    if tensors:
        yield key, plain if len(plain) == len(tensors) else tensors
    for name, value in tree.items():
        yield from _dicts(value, f"{key}.{name}" if key else str(name), depth + 1)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)


def _places(
    key: str, tensors: Tensors, wanted: Wanted, needed: dict, choice: Choice
) -> Iterator[_Place]:
    below: dict[str, int] = {"": len(tensors)}
    for name in tensors:
        for dot in re.finditer(r"\.", name):
            prefix = name[: dot.end()]
            below[prefix] = below.get(prefix, 0) + 1
    if choice.prefix is not None:
        chosen = _INNER_WRAPPERS.sub("", choice.prefix)
        below = {prefix: n for prefix, n in below.items() if prefix in (chosen, f"{chosen}.")}
    # No conversion makes more tensors of less, so that few prefixes can hold the network.
    for prefix, count in sorted(below.items(), key=lambda item: (len(item[0]), item[0])):
        if prefix and choice.prefix is None and count < len(needed) // 2:
            continue
        inner = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
        left = [name for name in tensors if not name.startswith(prefix)]
        place = _Place(key, prefix, wanted.convert(inner), left)
        found = [name for name in needed if name in place.tensors]
        place.named = len(found)
        place.fitting = sum(tuple(place.tensors[n].shape) == needed[n] for n in found)
        yield place


def _distinct(places: list[_Place], needed: dict) -> list[_Place]:
    """Of places with equal tensors only the first, with the shortest prefix."""
    kept: list[_Place] = []
    for place in places:
        if not any(
            all(torch.equal(place.tensors[n], other.tensors[n]) for n in needed) for other in kept
        ):
            kept.append(place)
    return kept
