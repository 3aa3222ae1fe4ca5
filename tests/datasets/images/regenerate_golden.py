# SPDX-License-Identifier: Apache-2.0
"""Writes golden/: small images, and what PIL and torchvision make of them up to the center crop.

Run with the project's Python: `python tests/datasets/images/regenerate_golden.py`. Each
`<name>.png|jpg` is an input and `<name>.expected.png` its Resize(256) + CenterCrop(224). PNG
inputs decode to the same pixels everywhere, so our crop must be equal; JPEG inputs (4:2:0,
photographs of scikit-image and scikit-learn) differ by the decoder.
"""

from pathlib import Path

import numpy as np
import skimage.data
import sklearn.datasets
from PIL import Image, ImageDraw
from torchvision.transforms import CenterCrop, Compose, Resize

ORIENTATION = 0x0112  # EXIF's tag
FOLDER = Path(__file__).parent / "golden"
CROP = Compose([Resize(256), CenterCrop(224)])


def pattern(width: int, height: int) -> Image.Image:
    """Hard edges, thin lines and gradients: compresses well, and shows wrong weights."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    step = max(height // 12, 1)
    for index, top in enumerate(range(0, height, step)):
        color = (20 * index % 256, 255 - 15 * index % 256, 90 * index % 256)
        draw.rectangle((0, top, width, top + step - 1), fill=color)
    draw.ellipse((width // 4, height // 4, width // 2, 3 * height // 4), fill=(255, 255, 255))
    for left in range(0, width, max(width // 9, 1)):
        draw.line((left, 0, width - left, height), fill=(0, 0, 0), width=1)
    return image


def reduced(photograph: np.ndarray, width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.fromarray(photograph).convert(mode).resize((width, height), Image.Resampling.BOX)


def save(name: str, image: Image.Image, **options: object) -> None:
    path = FOLDER / name
    image.save(path, **options)
    crop = CROP(Image.open(path).convert("RGB"))
    if image.mode == "L":  # Equal channels: a third of the bytes.
        crop = crop.convert("L")
    crop.save(path.with_suffix(".expected.png"), optimize=True)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    # Crop offsets 0.5, 1.5, 16.5 and 17.5: Python rounds halves to the even neighbor.
    for width, height in [(256, 257), (259, 256), (512, 514), (700, 523), (1, 1), (2, 3),
                          (1200, 3), (5, 900), (256, 256), (900, 901)]:  # fmt: skip
        save(f"pattern_{width}x{height}.png", pattern(width, height), optimize=True)
    save("chelsea_97x65.png", reduced(skimage.data.chelsea(), 97, 65), optimize=True)
    save("camera_301x403.png", reduced(skimage.data.camera(), 301, 403, "L"), optimize=True)
    transparent = pattern(300, 280).convert("RGBA")
    transparent.putalpha(Image.linear_gradient("L").resize(transparent.size))
    save("transparent_300x280.png", transparent, optimize=True)

    # In ImageNette's sizes, and one that is enlarged; one is progressive.
    jpeg = {"quality": 90, "subsampling": "4:2:0"}
    save("astronaut_375x375.jpg", reduced(skimage.data.astronaut(), 375, 375), **jpeg)
    save("chelsea_451x300.jpg", reduced(skimage.data.chelsea(), 451, 300), progressive=True, **jpeg)
    save("rocket_500x333.jpg", reduced(skimage.data.rocket(), 500, 333), **jpeg)
    flower = sklearn.datasets.load_sample_image("flower.jpg")
    save("flower_500x333.jpg", reduced(flower, 500, 333), **jpeg)
    save("coffee_301x201.jpg", reduced(skimage.data.coffee(), 301, 201), **jpeg)
    save("coins_270x333.jpg", reduced(skimage.data.coins(), 270, 333, "L"), quality=90)
    # Other kinds of JPEG: 4:4:4, 4:2:2, CMYK (as Adobe stores it), EXIF that asks for a rotation
    # (which torchvision's ImageFolder does not do), one pixel wide, and 10,000 pixels wide.
    small = reduced(skimage.data.astronaut(), 333, 289)
    save("astronaut_444_333x289.jpg", small, quality=90, subsampling="4:4:4")
    save("astronaut_422_333x289.jpg", small, quality=90, subsampling="4:2:2")
    save("astronaut_cmyk_333x289.jpg", small.convert("CMYK"), quality=90)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    save(
        "chelsea_rotated_451x300.jpg", reduced(skimage.data.chelsea(), 451, 300), exif=exif, **jpeg
    )
    save("rocket_1x333.jpg", reduced(skimage.data.rocket(), 1, 333), **jpeg)
    save("coffee_10000x41.jpg", Image.fromarray(skimage.data.coffee()).resize((10000, 41)), **jpeg)
    total = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(list(FOLDER.iterdir()))} files, {total / 1e3:.0f} kB in {FOLDER}")


if __name__ == "__main__":
    main()
