# SPDX-License-Identifier: Apache-2.0
"""Makes a trained zoo: candidates of different worth for a data set, and what each is worth.

Its folder has `data/` (the data set of the search), a safetensors file per candidate, and what was
done in manifest.json, which also keeps each accuracy as soon as it is known. `truth.json`, where
candidates are fine-tuned, and `zoo.json` come last. A run that ended early goes on with the next
training.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from export import stages, writing
from export.checkpoint import Checkpoint
from safetensors.torch import load_file
from torch import Tensor
from whole_text import read_text, write_text

from zoo import recipes, target
from zoo.plan import first_redrawn
from zoo.recipes import Recipe
from zoo.trained_zoo import TrainedZoo
from zoo.training import Images, Network, Schedule

Step = Callable[[str], None]


def write(
    zoo: TrainedZoo,
    settings: dict[str, Any],
    output: Path,
    progress: Callable[[str, int, int], None],
) -> Path:
    """`progress` gets what was done last, the number of steps that are done, and of all."""
    output.mkdir(parents=True, exist_ok=True)
    truth = _known_truth(zoo, output)
    _write_json(zoo.manifest(settings, truth), output / "manifest.json")
    target.write(zoo.scans, zoo.target_images, zoo.seed, output / "data")
    step = _steps((2 if zoo.fine_tunings else 1) * len(zoo.recipes), progress)
    network = Network(zoo.architecture, zoo.device)
    _train(zoo, network, output, step)
    if zoo.fine_tunings:
        _find_truth(zoo, network, settings, truth, output, step)
    _write_json(zoo.entries(output), output / "zoo.json")
    return output / "zoo.json"


def _find_truth(
    zoo: TrainedZoo,
    network: Network,
    settings: dict[str, Any],
    truth: dict[str, list[float]],
    output: Path,
    step: Step,
) -> None:
    """Fine-tunes the candidates that `truth` lacks, and writes the means."""
    splits = [_on(zoo.device, target.read(output / "data", split)) for split in ("train", "val")]
    for recipe in zoo.recipes:
        name = zoo.name(recipe)
        if name not in truth:
            truth[name] = [
                _fine_tuned(network, zoo.file(recipe, output), schedule, *splits)
                for schedule in zoo.fine_tunings
            ]
            _write_json(zoo.manifest(settings, truth), output / "manifest.json")
        step(f"{name} fine-tuned: {_mean(truth[name]):.3f}")
    means = {zoo.name(recipe): _mean(truth[zoo.name(recipe)]) for recipe in zoo.recipes}
    _write_json(means, output / "truth.json")


def _steps(total: int, show: Callable[[str, int, int], None]) -> Step:
    done = 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        show(what, done, total)

    return step


def _train(zoo: TrainedZoo, network: Network, output: Path, step: Step) -> None:
    """Trains the candidates whose files are missing."""
    missing = zoo.missing(output)
    images = None
    if missing:
        images = _on(zoo.device, target.source(zoo.scans, zoo.source_images, zoo.seed))
    if images and any(recipe in missing for recipe in zoo.parents()):
        _train_parents(zoo, network, images, output)
    for recipe in zoo.recipes:
        if images and recipe in missing and recipe.trained_blocks:
            _train_child(zoo, network, recipe, images, output)
        step(f"{zoo.name(recipe)} trained")


def _train_parents(zoo: TrainedZoo, network: Network, images: Images, output: Path) -> None:
    at = {recipe.parent_epochs: recipe for recipe in zoo.parents()}

    start = zoo.origin.load().tensors

    def keep(epoch: int) -> None:
        # Children of an earlier run are made of the file that is there.
        if epoch not in at or zoo.file(at[epoch], output).is_file():
            return
        # Before the first epoch the network is the origin, with its classifier where it has one.
        _write_weights(zoo, network.tensors() | (start if epoch == 0 else {}),
                       zoo.file(at[epoch], output))  # fmt: skip

    network.load(start)
    schedule = Schedule(max(at), zoo.rate, zoo.seed, zoo.batch)
    network.fit(images, schedule, lambda _: True, after_epoch=keep)


def _train_child(
    zoo: TrainedZoo, network: Network, recipe: Recipe, images: Images, output: Path
) -> None:
    parent = next(each for each in zoo.parents() if each.parent_epochs == recipe.parent_epochs)
    tensors = load_file(zoo.file(parent, output))
    stage_of, blocks = stages.of_tensors(zoo.architecture, tensors)
    first = first_redrawn(blocks, recipe.trained_blocks)
    labels = [recipes.SOURCE_DIGITS.index(digit) for digit in recipe.digits]
    schedule = Schedule(recipe.epochs, zoo.rate * recipe.rate, recipe.seed, zoo.batch)
    network.load(tensors)
    network.fit(images.of(labels), schedule, lambda name: stage_of[name] >= first)
    _write_weights(zoo, network.tensors(), zoo.file(recipe, output))


def _fine_tuned(
    network: Network, file: Path, schedule: Schedule, train: Images, held_out: Images
) -> float:
    network.load(load_file(file))
    network.fit(train, schedule, lambda _: True)
    return network.accuracy(held_out)


def _on(device: str, images: Images) -> Images:
    return Images(images.pixels.to(device), images.labels.to(device))


def _mean(accuracies: Sequence[float]) -> float:
    return round(fmean(accuracies), 6)


def _write_weights(zoo: TrainedZoo, tensors: Mapping[str, Tensor], path: Path) -> None:
    writing.write_weights(Checkpoint(zoo.architecture, dict(tensors), source=""), path)


def _known_truth(zoo: TrainedZoo, output: Path) -> dict[str, list[float]]:
    """What an earlier run of the same zoo found, whose manifest was checked before, of the
    candidates whose files are there."""
    path = output / "manifest.json"
    found = json.loads(read_text(path)).get("truth", {}) if path.is_file() else {}
    gone = {zoo.name(recipe) for recipe in zoo.missing(output)}
    return {name: accuracies for name, accuracies in found.items() if name not in gone}


def _write_json(content: Any, path: Path) -> None:
    write_text(json.dumps(content, indent=1) + "\n", path)
