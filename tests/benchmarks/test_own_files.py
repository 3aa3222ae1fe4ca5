# SPDX-License-Identifier: Apache-2.0
"""People's own folders of images: files by content, nested folders, no classes, damaged files."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import Outcome, Program
from PIL import Image
from safetensors import safe_open
from torchvision.datasets import ImageFolder

SEARCH = (
    "--devices=cpu", "--batch_sizes=8", "--threads=2", "--workers=2", "--architectures=resnet18",
    "--steps=EndToEnd", "--configurations=full", "--modes=serial",
)  # fmt: skip
KINDS = ("GIF", "WEBP", "BMP", "TIFF", "PPM", "PNG")


def search(program: Program, data: Path, out: Path, *flags: str) -> Outcome:
    return program.run(*SEARCH, f"--data_dir={data}", f"--features_dir={out}", *flags)


def read_features(folder: Path) -> tuple[np.ndarray, list[int], list[str]]:
    with safe_open(next(folder.glob("*.safetensors")), "numpy") as file:
        names = json.loads(file.metadata()["items"])
        return file.get_tensor("features"), file.get_tensor("labels").tolist(), names


def pictures(photographs: Path, count: int) -> list[Image.Image]:
    files = sorted((photographs / "train").rglob("*.JPEG"))[:count]
    return [Image.open(file).convert("RGB").resize((150, 130)) for file in files]


def test_files_are_read_by_content_in_the_order_of_image_folder(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    """The same pictures as files of many kinds, and as the PNGs that Pillow makes of those: equal
    features, under names that say nothing of the content."""
    places = ["a/1.jpg", "a/deep/1.webp", "a/deep-er/x.ppm", "a/deep/er/y.TIFF", "b/2.png",
              "b/1.bmp", "b/sub/z.jpeg", "b/sub/1.tif"]  # fmt: skip
    for place, picture, kind in zip(places, pictures(photographs, 8), 2 * KINDS, strict=False):
        for data in ("kinds", "pngs"):
            (tmp_path / data / "train" / place).parent.mkdir(parents=True, exist_ok=True)
        with (tmp_path / "kinds/train" / place).open("wb") as file:
            (picture.quantize(100) if kind == "GIF" else picture).save(file, kind)
        with (tmp_path / "pngs/train" / place).open("wb") as file:
            Image.open(tmp_path / "kinds/train" / place).convert("RGB").save(file, "PNG")
    for name in ("a/photo.heic", "a/notes.txt", "b/.hidden.jpg"):
        (tmp_path / "kinds/train" / name).write_text("not an item")

    found = {}
    for data in ("kinds", "pngs"):
        outcome = search(program, tmp_path / data, tmp_path / f"{data}.features")
        assert outcome.code == 0, outcome.stderr + str(outcome.rows)
        found[data] = read_features(tmp_path / f"{data}.features")
        if data == "pngs":
            continue
        assert "are left out: 1 .heic, 1 .txt, 1 hidden\n" in outcome.stderr
        assert outcome.context["data_left_out"] == "1 .heic, 1 .txt, 1 hidden"
        assert outcome.context["data_ignored_files"] == "3"
    assert np.array_equal(found["kinds"][0], found["pngs"][0])

    oracle = ImageFolder(tmp_path / "pngs/train")
    assert found["pngs"][1] == oracle.targets
    relative = [str(Path(path).relative_to(tmp_path / "pngs/train")) for path, _ in oracle.samples]
    assert found["pngs"][2] == found["kinds"][2] == relative


@pytest.mark.parametrize("below", ["train", ""])
def test_a_folder_without_classes_is_extracted_and_not_scored(
    program: Program, photographs: Path, tmp_path: Path, below: str
) -> None:
    folder = tmp_path / "flat" / below
    folder.mkdir(parents=True)
    for number, picture in enumerate(pictures(photographs, 5)):
        picture.save(folder / f"{number}.png")
    outcome = search(
        program, tmp_path / "flat", tmp_path / "features", "--steps=Score,EndToEnd", "--items=4"
    )
    assert outcome.code == 1, outcome.stderr
    assert "nothing is scored: it has no class folders" in outcome.stderr
    assert outcome.context["data_labels"].startswith("nothing can be scored: it has no")
    assert outcome.context["data_items"] == "4 of 5"
    rows = {row["name"].split("/")[0]: row for row in outcome.rows if "classes=" not in row["name"]}
    assert "has no class folders" in rows["Score"]["error_message"]
    search_row = rows["EndToEnd"]
    assert not search_row.get("error_occurred")
    assert search_row["items"] == 4
    assert "score_value" not in search_row
    assert "accuracy" not in search_row
    features, labels, names = read_features(tmp_path / "features")
    assert features.shape == (4, 512)
    assert labels == [-1] * 4
    assert names == ["0.png", "1.png", "2.png", "3.png"]


@pytest.mark.parametrize(("classes", "items"), [(1, 4), (2, 1)])
def test_one_class_has_no_accuracy(
    program: Program, photographs: Path, tmp_path: Path, classes: int, items: int
) -> None:
    """A set of one class, or `--items` that take only one of two."""
    for label in range(classes):
        folder = tmp_path / "set/train" / f"class{label}"
        folder.mkdir(parents=True)
        for number, picture in enumerate(pictures(photographs, 5)):
            picture.save(folder / f"{number}.png")
    outcome = search(
        program, tmp_path / "set", tmp_path / "features", "--steps=EndToEnd", f"--items={items}"
    )
    assert outcome.code == 0, outcome.stderr
    (row,) = outcome.rows
    assert row["items"] == items
    assert "accuracy" not in row
    said = "all of its items are of the class 'class0'" if classes == 1 else "items of one class"
    assert said in outcome.stderr


def damage(folder: Path, number: int) -> list[Path]:
    """Cuts off the ends of some files."""
    files = sorted((folder / "train").rglob("*.JPEG"))
    victims = sorted(random.Random(1).sample(files, number))
    for victim in victims:
        victim.write_bytes(victim.read_bytes()[:3000])
    return victims


@pytest.mark.parametrize("mode", ["serial", "overlapped"])
def test_a_row_names_all_damaged_files(
    program: Program, photographs: Path, tmp_path: Path, mode: str
) -> None:
    folder = tmp_path / "photographs"
    shutil.copytree(photographs, folder)
    victims = damage(folder, 12)
    outcome = search(program, folder, tmp_path / "features", f"--modes={mode}")
    assert outcome.code == 1
    message = outcome.rows[0]["error_message"]
    assert "12 of 40 files" in message
    for victim in victims[:10]:
        assert str(victim.relative_to(folder / "train")) in message
    assert "and 2 more; --on_damage=skip leaves damaged files out" in message


def test_damaged_files_are_left_out_of_everything(
    program: Program, photographs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "photographs"
    shutil.copytree(photographs, folder)
    victims = [str(path.relative_to(folder / "train")) for path in damage(folder, 3)]
    flags = ("--on_damage=skip", "--configurations=full,last_3", "--caches=disk")
    skipped = search(program, folder, tmp_path / "skipped", *flags)
    assert skipped.code == 0, skipped.stderr + str(skipped.rows)
    assert [row["items"] for row in skipped.rows] == [37, 37]
    assert skipped.context["data_images"] == "37"
    assert skipped.context["option_on_damage"] == "skip"
    for text in (skipped.context["data_damaged"], skipped.stderr):
        for victim in victims:
            assert victim in text
    features, labels, names = read_features(tmp_path / "skipped")

    # The same list without the files: equal features and labels, and nothing is left out.
    for victim in victims:
        (folder / "train" / victim).unlink()
    intact = search(program, folder, tmp_path / "intact", *flags)
    assert "data_damaged" not in intact.context
    assert intact.context["data_identity"] == skipped.context["data_identity"]
    expected = read_features(tmp_path / "intact")
    assert np.array_equal(features, expected[0])
    assert (labels, names) == expected[1:]

    # Repaired, they come back: caches of the shorter list are not used.
    for victim in victims:
        shutil.copy(photographs / "train" / victim, folder / "train" / victim)
    whole = search(program, folder, tmp_path / "whole", *flags)
    assert whole.code == 0, whole.stderr + str(whole.rows)
    assert [row["items"] for row in whole.rows] == [40, 40]
    assert whole.context["data_identity"] != skipped.context["data_identity"]


@pytest.mark.parametrize("on_damage", ["fail", "skip"])
def test_pipes_and_broken_links_are_damaged(
    program: Program, photographs: Path, tmp_path: Path, on_damage: str
) -> None:
    """ImageFolder lists them by their names; Pillow waits for a pipe for ever, and fails for a link
    to nothing."""
    folder = tmp_path / "photographs"
    shutil.copytree(photographs, folder)
    first = sorted((folder / "train").iterdir())[0]
    os.mkfifo(first / "pipe.jpg")
    (first / "link.jpg").symlink_to("nothing.jpg")
    (first / "device.jpg").symlink_to("/dev/zero")
    names = {str(path.relative_to(folder / "train")) for path in first.glob("[dlp]*.jpg")}
    samples = ImageFolder(folder / "train").samples
    assert names < {str(Path(path).relative_to(folder / "train")) for path, _ in samples}
    outcome = search(program, folder, tmp_path / "features", f"--on_damage={on_damage}")
    (row,) = outcome.rows
    if on_damage == "skip":
        assert outcome.code == 0, outcome.stderr
        assert row["items"] == 40
        said = outcome.context["data_damaged"]
        assert outcome.stderr.count("pipe.jpg") == 1
    else:
        assert outcome.code == 1, outcome.stderr
        said = row["error_message"]
        assert "3 of 43 files" in said
    for name in names:
        assert name in said
    assert said.count("is not a regular file") >= 2
    assert "No such file or directory" in said


def test_nothing_left_is_refused(program: Program, photographs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photographs"
    shutil.copytree(photographs, folder)
    damage(folder, 40)
    outcome = search(program, folder, tmp_path / "features", "--on_damage=skip")
    assert outcome.code == 2
    assert "all files of" in outcome.stderr
    assert "and 30 more" in outcome.stderr
