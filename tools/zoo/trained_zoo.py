# SPDX-License-Identifier: Apache-2.0
"""A trained zoo: what it follows from, its candidates, and what its JSON files say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from export import zoo as zoo_file
from export.checkpoint import Checkpoint

from zoo import digits, folder
from zoo.parents import Parent
from zoo.recipes import Recipe
from zoo.training import Schedule


@dataclass(frozen=True)
class TrainedZoo:
    """`rate` is the parents' learning rate; the truth is the accuracy after each of the
    `fine_tunings` of all blocks. Without any the zoo has no truth."""

    architecture: str
    origin: Parent
    recipes: Sequence[Recipe]
    device: str
    scans: digits.Scans
    source_images: int
    target_images: int
    seed: int
    epochs: int
    rate: float
    batch: int
    fine_tunings: Sequence[Schedule]

    def settings(self) -> dict[str, Any]:
        """What the files follow from, but for the content of the origin."""
        return {
            "trained": True,
            "architecture": self.architecture,
            "candidates": len(self.recipes),
            "seed": self.seed,
            "device": self.device,
            "parents": [self.origin.source],
            "parents_epochs": [recipe.parent_epochs for recipe in self.parents()],
            "source_images": self.source_images,
            "target_images": self.target_images,
            "epochs": self.epochs,
            "rate": self.rate,
            "batch": self.batch,
            "fine_tunings": len(self.fine_tunings),
            "fine_tuning_epochs": self.fine_tunings[0].epochs if self.fine_tunings else 0,
            "fine_tuning_rate": self.fine_tunings[0].rate if self.fine_tunings else 0,
            "drawing": digits.VERSION,
            "scans_sha256": self.scans.digest(),
        }

    def parents(self) -> list[Recipe]:
        return [recipe for recipe in self.recipes if not recipe.trained_blocks]

    def name(self, recipe: Recipe) -> str:
        stem = f"{self.architecture}-epochs{recipe.parent_epochs}"
        if not recipe.trained_blocks:
            return stem
        return f"{stem}-{recipe.index:02d}-last{recipe.trained_blocks}"

    def file(self, recipe: Recipe, output: Path) -> Path:
        return output / f"{self.name(recipe)}.safetensors"

    def missing(self, output: Path) -> list[Recipe]:
        return [recipe for recipe in self.recipes if not self.file(recipe, output).is_file()]

    def missing_bytes(self, output: Path) -> int:
        return len(self.missing(output)) * self.origin.layout.bytes

    def manifest(
        self, settings: dict[str, Any], truth: Mapping[str, Sequence[float]]
    ) -> dict[str, Any]:
        """`truth` has an accuracy per fine-tuning, of the candidates that are done."""
        children = [
            {"name": self.name(recipe), "all_epochs": recipe.all_epochs} | recipe.row()
            for recipe in self.recipes
        ]
        made_by = {"made_by": folder.MADE_BY, "settings": settings}
        return made_by | {"children": children, "truth": truth}

    def entries(self, output: Path) -> list[dict[str, Any]]:
        """Of zoo.json."""
        checkpoint = Checkpoint(self.architecture, {}, source="")
        return [
            zoo_file.entry(
                self.name(recipe), checkpoint, self.file(recipe, output), None, output / "zoo.json"
            )
            for recipe in self.recipes
        ]
