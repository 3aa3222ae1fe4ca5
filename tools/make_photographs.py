#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cut a data set in ImageNette's layout from photographs of scikit-image and scikit-learn.

One class per source photograph; each image is a random crop, slightly turned, resampled to about
500 x 375 pixels (three in ten upright), with sensor noise, saved as JPEG (quality 92, 4:2:0).
The pixels depend on the seed and the versions of the libraries.

    tools/make_photographs.py --train 512 --val 64 -o photographs
"""

from __future__ import annotations

import argparse
import concurrent.futures
import functools
import sys
from pathlib import Path

import project_python

project_python.require("numpy", "PIL", "skimage", "sklearn")

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

SOURCES = (
    "astronaut.png",
    "chelsea.png",
    "china.jpg",
    "coffee.png",
    "flower.jpg",
    "hubble_deep_field.jpg",
    "ihc.png",
    "motorcycle_left.png",
    "retina.jpg",
    "rocket.jpg",
)


@functools.cache
def source_image(name: str) -> Image.Image:
    """A photograph of scikit-image or scikit-learn, by its file name."""
    import skimage
    import sklearn

    for folder in (
        Path(skimage.__file__).parent / "data",
        Path(sklearn.__file__).parent / "datasets" / "images",
    ):
        if (folder / name).is_file():
            return Image.open(folder / name).convert("RGB")
    raise FileNotFoundError(f"{name} is not among the photographs of the installed packages")


def draw(index: int, seed: int, output: Path) -> None:
    """Write image `index` of one split below `output`."""
    name = SOURCES[index % len(SOURCES)]
    rng = np.random.default_rng((seed, index))
    source = source_image(name)
    width, height = source.size
    scale = rng.uniform(0.6, 1.0)
    crop_width, crop_height = int(width * scale), int(height * scale)
    left = int(rng.integers(0, width - crop_width + 1))
    top = int(rng.integers(0, height - crop_height + 1))
    size = (500, 375) if rng.random() < 0.7 else (375, 500)
    image = (
        source.crop((left, top, left + crop_width, top + crop_height))
        .rotate(rng.uniform(-5, 5), resample=Image.Resampling.BILINEAR)
        .resize(size, Image.Resampling.BICUBIC)
    )
    pixels = np.asarray(image, dtype=np.float32)
    pixels = pixels + rng.normal(0, 6, pixels.shape)
    folder = output / Path(name).stem
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(
        folder / f"{index:06d}.JPEG", quality=92
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", type=int, default=512, help="images in train/")
    parser.add_argument("--val", type=int, default=64, help="images in val/")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args()
    for flag in ("train", "val"):
        if getattr(arguments, flag) < 2 * len(SOURCES):
            parser.error(f"--{flag} must be at least {2 * len(SOURCES)}: two of each class")
    for part, (split, count) in enumerate(
        (("train", arguments.train), ("val", arguments.val)), start=2 * arguments.seed
    ):
        task = functools.partial(draw, seed=part, output=arguments.output / split)
        with concurrent.futures.ProcessPoolExecutor() as pool:
            list(pool.map(task, range(count), chunksize=16))
    print(f"{arguments.train} + {arguments.val} photographs in {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
