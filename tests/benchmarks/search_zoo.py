# SPDX-License-Identifier: Apache-2.0
"""A zoo of small networks that share blocks, and what searches of it gave."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from zoos import write_zoo

if TYPE_CHECKING:
    from conftest import Outcome, Program

FLAGS = ("--devices=cpu", "--threads=2", "--workers=1", "--decoders=turbojpeg",
         "--batch_sizes=4", "--items=16")  # fmt: skip
PLANS = ("one_by_one", "decode_once", "shared")
# Name: the first of the 19 groups of layers that is drawn again, and with which seed.
CHILDREN = {"parent": (99, 0), "head": (18, 1), "last": (17, 2), "twin": (17, 2),
            "other_last": (17, 3), "four": (15, 4), "half": (9, 5), "whole": (0, 6)}  # fmt: skip


@pytest.fixture(scope="session")
def search_images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight bluish and eight reddish pictures of noise."""
    folder = tmp_path_factory.mktemp("images")
    random = np.random.default_rng(0)
    for name, strong in (("blue", 2), ("red", 0)):
        (folder / "train" / name).mkdir(parents=True)
        for i in range(8):
            pixels = random.integers(0, 160, (24, 24, 3))
            pixels[..., strong] += 60
            picture = Image.fromarray(pixels.astype("uint8")).resize((96, 96))
            picture.save(folder / "train" / name / f"{i}.jpg")
    return folder


@dataclass
class Zoo:
    """Children of a network whose last blocks were drawn again, with its images."""

    program: Program
    folder: Path
    images: Path

    @property
    def file(self) -> Path:
        return self.folder / "zoo.json"

    def search(self, *flags: str, features: Path | None = None, zoo: Path | None = None) -> Outcome:
        return self.program.run(*self.flags(features, zoo), *flags)

    def flags(self, features: Path | None = None, zoo: Path | None = None) -> list[str]:
        kept = [f"--features_dir={features}"] if features else []
        return [*FLAGS, f"--candidates={zoo or self.file}", f"--data_dir={self.images}",
                "--steps=Search", *kept]  # fmt: skip


@pytest.fixture(scope="session")
def zoo(program: Program, search_images: Path, tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    folder = tmp_path_factory.mktemp("zoo")
    made = program.run(*FLAGS, "--architectures=mobilenet_v2", "--steps=LoadModel",
                       "--configurations=full")  # fmt: skip
    assert made.code == 0, made.stderr
    parent = load_file(next((program.cache / "weights").glob("mobilenet_v2-*.safetensors")))
    for name, (first, seed) in CHILDREN.items():
        random = np.random.default_rng(seed)
        tensors = {
            key: random.permutation(tensor)
            if tensor.ndim == 4 and int(key.split(".")[1]) >= first
            else tensor
            for key, tensor in parent.items()
        }
        save_file(tensors, folder / f"{name}.safetensors")
    write_zoo(folder, *(entry(name) for name in CHILDREN))
    return Zoo(program, folder, search_images)


def entry(name: str, file: str | None = None) -> dict:
    return {"name": name, "architecture": "mobilenet_v2", "weights": file or f"{name}.safetensors"}


@dataclass
class Search:
    row: dict
    features: dict[str, np.ndarray]
    items: dict[str, list[str]]
    folder: Path | None = None

    @property
    def ranking(self) -> list[str]:
        return label(self.row)["ranking"].split(",")


def label(row: dict) -> dict[str, str]:
    return dict(word.split("=", 1) for word in row["label"].split(" "))


def read_features(folder: Path) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    features, items = {}, {}
    for path in folder.glob("*.full.safetensors"):
        with safe_open(path, "np") as file:
            name = path.name.split(".")[0]
            features[name] = file.get_tensor("features")
            items[name] = json.loads(file.metadata()["items"])
    return features, items


def done(outcome: Outcome, folder: Path) -> Search:
    assert outcome.code == 0, outcome.stderr + str(outcome.rows)
    (row,) = outcome.rows
    assert not row.get("error_occurred"), row
    return Search(row, *read_features(folder), folder)


@pytest.fixture(scope="session")
def searches(zoo: Zoo, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Search]:
    """A search with each plan and budget, and the features of most."""
    all_searches = {}
    for plan, budget in (*((plan, "all") for plan in PLANS), ("shared", "halving")):
        folder = tmp_path_factory.mktemp("features")
        outcome = zoo.search(f"--plans={plan}", f"--budgets={budget}", features=folder)
        all_searches[plan, budget] = done(outcome, folder)
    outcome = zoo.search(f"--plans={','.join(PLANS[:2])}", "--budgets=halving")
    assert outcome.code == 0, outcome.stderr
    for plan, row in zip(PLANS, outcome.rows, strict=False):
        assert f"/plan={plan}/" in row["name"]
        all_searches[plan, "halving"] = Search(row, {}, {})
    return all_searches


def distance(features: np.ndarray, reference: np.ndarray) -> float:
    """The largest distance of an item, relative to its distance from the mean item."""
    spread = np.linalg.norm(reference - reference.mean(axis=0), axis=1)
    return float((np.linalg.norm(features - reference, axis=1) / spread).max())
