# SPDX-License-Identifier: Apache-2.0
"""What the quality of scores is measured on: trained zoos with the features of their candidates,
and every score of these features, on all items and on halves of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from export import zoo as zoo_file
from export.checkpoint import ExportError
from results import reader
from safetensors.numpy import load_file, save_file
from scores import feature_folder, program, ranks
from scores.program import Scored, ScoringError, Settings
from whole_text import read_text

from zoo import static_lists
from zoo.quality import Ordered, Search, Values
from zoo.source_classifier import with_probabilities

# Settings of zoos that have the same target images, so that their truths compare.
_SAME_TARGET = ("seed", "target_images", "scans_sha256", "drawing", "fine_tunings")


@dataclass(frozen=True)
class ZooFeatures:
    """A trained zoo's folder and that of its candidates' features."""

    folder: Path
    features: Path


@dataclass
class Group:
    """The candidates of one search, of one or several zoos of the same target."""

    search: Search
    files: dict[str, Path]
    static: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Measured:
    """`scores` and `static` have the orders of every search by name, `seconds` those of a score for
    a candidate, `missing` why a score has none."""

    searches: list[Search]
    scores: dict[str, list[Ordered]]
    static: dict[str, list[Ordered]]
    seconds: dict[str, float]
    missing: dict[str, str]
    context: dict[str, Any]


def measure(zoos: Sequence[ZooFeatures], settings: Settings, halves: int) -> Measured:
    """Raises ExportError and ScoringError for zoos and features that cannot be used."""
    with ExitStack() as stack:
        groups = _groups(zoos, stack)
        scored = [_scored(group, settings, halves) for group in groups]
    names = scored[0][0].scores
    scores: dict[str, list[Ordered]] = {name: [] for name in names}
    seconds: dict[str, list[float]] = {name: [] for name in names}
    missing: dict[str, str] = {}
    for group, (whole, parts) in zip(groups, scored, strict=True):
        for name in names:
            try:
                values = _values(group, whole, name)
                of_halves = [_values(group, part, name) for part in parts]
            except ScoringError as error:
                missing.setdefault(name, str(error))
                continue
            scores[name].append(Ordered(group.search, values, of_halves))
            seconds[name] += [median(file.scores[name]["seconds"]) for file in whole.files]
    return Measured(
        searches=[group.search for group in groups],
        scores={name: found for name, found in scores.items() if name not in missing},
        static=_static(groups),
        seconds={name: median(taken) for name, taken in seconds.items() if name not in missing},
        missing=missing,
        context=scored[0][0].context,
    )


def _values(group: Group, scored: Scored, name: str) -> Values:
    found = {}
    for candidate, file in zip(group.files, scored.files, strict=True):
        if file.error:
            raise ScoringError(f"{candidate}: {file.error}")
        if "error" in file.scores[name]:
            raise ScoringError(f"{candidate}: {file.scores[name]['error']}")
        found[candidate] = ranks.worth(file.scores[name])
    return found


def _static(groups: Sequence[Group]) -> dict[str, list[Ordered]]:
    """Lists that are known of every candidate."""
    names = dict.fromkeys(name for group in groups for name in group.static)
    found = {}
    for name in names:
        values = [group.static.get(name, {}) for group in groups]
        if all(
            group.search.truth.keys() <= own.keys()
            for group, own in zip(groups, values, strict=True)
        ):
            found[name] = [
                Ordered(group.search, {name: ranks.Worth(value) for name, value in own.items()})
                for group, own in zip(groups, values, strict=True)
            ]
    return found


def _scored(group: Group, settings: Settings, halves: int) -> tuple[Scored, list[Scored]]:
    files = list(group.files.values())
    whole = program.run(files, settings)
    others = feature_folder.with_other_items(group.files)
    if others:
        raise ScoringError(f"{others[0]}: its labels are not those of most candidates")
    parts = []
    with TemporaryDirectory() as folder:
        for index, chosen in enumerate(_half_samples(files[0], halves)):
            written = [Path(folder) / f"{index}-{place}.safetensors" for place in range(len(files))]
            for source, target in zip(files, written, strict=True):
                tensors = load_file(source)
                save_file({k: np.ascontiguousarray(v[chosen]) for k, v in tensors.items()}, target)
            parts.append(program.run(written, replace(settings, repetitions=1)))
            for target in written:
                target.unlink()
    return whole, parts


def _half_samples(file: Path, count: int) -> Iterator[np.ndarray]:
    """Random halves of every class, at least two items of each, or what it has."""
    labels = load_file(file)["labels"]
    rng = np.random.default_rng(0)
    for _ in range(count):
        parts = []
        for label in np.unique(labels):
            items = rng.permutation(np.flatnonzero(labels == label))
            parts.append(items[: max(2, len(items) // 2)])
        yield np.sort(np.concatenate(parts))


def _groups(zoos: Sequence[ZooFeatures], stack: ExitStack) -> list[Group]:
    groups: dict[str, Group] = {}
    for each in zoos:
        manifest = _json(each.folder / "manifest.json")
        settings = manifest.get("settings", {})
        key = json.dumps([settings.get(name) for name in _SAME_TARGET])
        if None in (settings.get("seed"), settings.get("scans_sha256")):
            key = str(each.folder)
        truth = _truth(each.folder / "truth.json")
        entries = [e for e in zoo_file.read(each.folder / "zoo.json") if e["name"] in truth]
        found = stack.enter_context(feature_folder.opened(each.features))
        lacking = [entry["name"] for entry in entries if entry["name"] not in found.files]
        if lacking or not entries:
            lacks = f"features of {lacking[0]}" if lacking else "no candidate of the truth"
            raise ExportError(f"{each.features}: it has {'no ' if lacking else ''}{lacks}")
        static = static_lists.lists(entries, manifest.get("children", []), each.folder)
        if key not in groups:
            groups[key] = Group(Search(_name(each, settings, groups), {}, {}), {}, {})
        group = groups[key]
        names = [entry["name"] for entry in entries]
        twice = group.files.keys() & set(names)
        if twice:
            raise ExportError(f"{each.folder}: {min(twice)} is in another zoo of this target, too")
        group.search.truth.update({name: truth[name] for name in names})
        group.search.family.update({e["name"]: str(e.get("architecture")) for e in entries})
        folder = Path(stack.enter_context(TemporaryDirectory()))
        for index, entry in enumerate(entries):
            file, copy = found.files[entry["name"]], folder / f"{index}.safetensors"
            group.files[entry["name"]] = with_probabilities(file, entry, each.folder, copy)
        for name, values in static.items():
            group.static.setdefault(name, {}).update(values)
    return list(groups.values())


def _name(zoo: ZooFeatures, settings: Mapping[str, Any], groups: Mapping[str, Group]) -> str:
    """The seed, and the folder where another search has the same one."""
    name = f"seed {settings.get('seed', zoo.folder.name)}"
    taken = any(group.search.name == name for group in groups.values())
    return f"{name}, {zoo.folder.name}" if taken else name


def _truth(path: Path) -> dict[str, float]:
    found = _json(path)
    if not found or not all(map(reader.is_number, found.values())):
        raise ExportError(f"{path}: not an object of names and accuracies")
    return {name: float(value) for name, value in found.items()}


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise ExportError(f"{path}: not JSON ({error})") from None
    if not isinstance(found, dict):
        raise ExportError(f"{path}: not an object")
    return found
