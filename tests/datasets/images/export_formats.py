# SPDX-License-Identifier: Apache-2.0
"""Writes image files of many kinds and what Pillow makes of them: export_formats.py FOLDER.

Each file FOLDER/<kind>.jpg, whatever its content, has FOLDER/<kind>.rgb next to it: its width and
height (little-endian, 32 bits each) and its pixels after convert("RGB"), as torchvision's
ImageFolder loads them.
"""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

import numpy as np
from PIL import Image, TiffImagePlugin

WIDTH, HEIGHT = 61, 37


def color_image() -> Image.Image:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    noise = np.random.default_rng(3).integers(0, 60, (HEIGHT, WIDTH, 3))
    smooth = np.stack([x * 255 // WIDTH, y * 255 // HEIGHT, (x + y) * 2], axis=-1)
    return Image.fromarray(np.clip(smooth * 3 // 4 + noise, 0, 255).astype(np.uint8))


def with_alpha(image: Image.Image) -> Image.Image:
    alpha = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH).astype(np.uint8)
    image = image.copy()
    image.putalpha(Image.fromarray(alpha))
    return image


def gray_of_16_bits() -> Image.Image:
    values = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) // 4
    return Image.fromarray(values.astype(np.uint16))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def gifs(image: Image.Image) -> dict[str, bytes]:
    palette = image.quantize(200)
    few = image.quantize(3)
    second = palette.rotate(180)
    transparent = palette.copy()
    transparent.info["transparency"] = 5
    small = saved(palette, "GIF")
    # The frame is smaller than the screen, and does not begin at its corner.
    screen = bytearray(small)
    screen[6:10] = struct.pack("<HH", WIDTH + 9, HEIGHT + 5)
    place = screen.index(b"\x2c\0\0\0\0" + struct.pack("<HH", WIDTH, HEIGHT))
    screen[place + 1 : place + 5] = struct.pack("<HH", 4, 3)
    see_through = bytearray(screen)
    see_through[place:place] = b"\x21\xf9\x04\x01\0\0\x07\0"
    beyond = bytearray(small)
    beyond[6:10] = struct.pack("<HH", 20, 10)
    return {
        "gif": small,
        "gif_few_colors": saved(few, "GIF"),
        "gif_gray": saved(image.convert("L"), "GIF"),
        "gif_not_interlaced": saved(palette, "GIF", interlace=False),
        "gif_transparent": saved(transparent, "GIF", transparency=5),
        "gif_animated": saved(palette, "GIF", save_all=True, append_images=[second]),
        "gif_on_a_screen": bytes(screen),
        "gif_on_a_transparent_screen": bytes(see_through),
        "gif_beyond_its_screen": bytes(beyond),
    }


def bmp(
    bits: int, rows: bytes, palette: bytes = b"", masks: bytes = b"", top: bool = False
) -> bytes:
    """A bitmap that Pillow does not write."""
    height = -HEIGHT if top else HEIGHT
    compression = 3 if masks else 0
    header = struct.pack(
        "<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(rows), 0, 0, 0, 0
    )
    offset = 14 + len(header) + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, offset) + header + masks + palette + rows


def bmps(image: Image.Image) -> dict[str, bytes]:
    random = np.random.default_rng(4)

    def rows(bits: int) -> bytes:
        return random.integers(0, 256, (WIDTH * bits + 31) // 32 * 4 * HEIGHT, np.uint8).tobytes()

    core = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24)
    return {
        "bmp": saved(image, "BMP"),
        "bmp_gray": saved(image.convert("L"), "BMP"),
        "bmp_bilevel": saved(image.convert("1"), "BMP"),
        "bmp_palette": saved(image.quantize(200), "BMP"),
        "bmp_alpha": saved(with_alpha(image), "BMP"),
        "bmp_4_bits": bmp(4, rows(4), random.integers(0, 256, 64, np.uint8).tobytes()),
        "bmp_1_bit_in_colors": bmp(1, rows(1), bytes([10, 20, 30, 0, 200, 100, 50, 0])),
        "bmp_555": bmp(16, rows(16)),
        "bmp_565": bmp(16, rows(16), masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)),
        "bmp_masks": bmp(32, rows(32), masks=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)),
        "bmp_from_the_top": bmp(24, rows(24), top=True),
        "bmp_os2": b"BM" + struct.pack("<IHHI", 0, 0, 0, 26) + core + rows(24),
    }


def pnms(image: Image.Image) -> dict[str, bytes]:
    pixels = np.asarray(image)
    size = b"%d %d\n" % (WIDTH, HEIGHT)
    deep = (pixels.astype(np.uint32) * 257 + 3).clip(0, 65535).astype(">u2").tobytes()
    gray = np.asarray(image.convert("L"))
    plain = b" ".join(b"%d" % value for value in pixels.reshape(-1))
    bits = (gray > 100).astype(np.uint8)
    return {
        "ppm": saved(image, "PPM"),
        "pgm": saved(image.convert("L"), "PPM"),
        "pbm": saved(image.convert("1"), "PPM"),
        "pgm_16_bits": saved(gray_of_16_bits(), "PPM"),
        "ppm_16_bits": b"P6\n" + size + b"65535\n" + deep,
        "ppm_of_100_levels": b"P6\n# made by a test\n" + size + b"100\n" + (pixels % 101).tobytes(),
        "pgm_of_1000_levels": b"P5 " + size + b"1000\n" + (gray * 3).astype(">u2").tobytes(),
        "ppm_plain": b"P3\n" + size + b"255\n" + plain,
        "pgm_plain": b"P2\n" + size + b"255\n" + b"\n".join(b"%d" % v for v in gray.reshape(-1)),
        "pbm_plain": b"P1\n" + size + b"".join(b"%d" % v for v in bits.reshape(-1)),
    }  # fmt: skip


def oriented(image: Image.Image, orientation: int) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = orientation
    return saved(image, "TIFF", tiffinfo=tags, compression="tiff_lzw")


def tiled_tiff(image: Image.Image, side: int = 16) -> bytes:
    """Tiles of `side` pixels, uncompressed, which Pillow does not write."""
    pixels = np.asarray(image)
    across, down = -(-WIDTH // side), -(-HEIGHT // side)
    padded = np.zeros((down * side, across * side, 3), np.uint8)
    padded[:HEIGHT, :WIDTH] = pixels
    tiles = [
        padded[y * side : (y + 1) * side, x * side : (x + 1) * side].tobytes()
        for y in range(down)
        for x in range(across)
    ]
    count, length = len(tiles), side * side * 3
    tags = 10
    after = 8 + 2 + 12 * tags + 4
    bits, offsets, counts = after, after + 6, after + 6 + 4 * count
    data = counts + 4 * count
    entries = [
        (256, 4, 1, WIDTH), (257, 4, 1, HEIGHT), (258, 3, 3, bits), (259, 3, 1, 1), (262, 3, 1, 2),
        (277, 3, 1, 3), (322, 4, 1, side), (323, 4, 1, side), (324, 4, count, offsets),
        (325, 4, count, counts),
    ]  # fmt: skip
    out = b"II*\0" + struct.pack("<IH", 8, tags)
    out += b"".join(struct.pack("<HHII", *entry) for entry in entries) + struct.pack("<I", 0)
    out += struct.pack("<HHH", 8, 8, 8)
    out += struct.pack(f"<{count}I", *(data + i * length for i in range(count)))
    out += struct.pack(f"<{count}I", *[length] * count)
    return out + b"".join(tiles)


def tiffs(image: Image.Image) -> dict[str, bytes]:
    strips = {TiffImagePlugin.ROWSPERSTRIP: 5}
    gray = image.convert("L")
    made = {
        "tiff": saved(image, "TIFF"),
        "tiff_big_endian_gray_16_bits": saved(gray_of_16_bits(), "TIFF", big_endian=True),
        "tiff_alpha": saved(with_alpha(image), "TIFF"),
        "tiff_bilevel": saved(image.convert("1"), "TIFF"),
        "tiff_gray": saved(gray, "TIFF"),
        "tiff_gray_16_bits": saved(gray_of_16_bits(), "TIFF"),
        "tiff_gray_with_alpha": saved(with_alpha(image).convert("LA"), "TIFF"),
        "tiff_palette": saved(image.quantize(200), "TIFF"),
        "tiff_strips": saved(image, "TIFF", compression="tiff_lzw", tiffinfo=strips),
        "tiff_tiles": tiled_tiff(image),
        "tiff_white_is_zero": saved(gray, "TIFF", tiffinfo={262: 0}),
    }
    for name in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
        made[f"tiff_{name}"] = saved(image, "TIFF", compression=name)
    premultiplied = bytearray(saved(with_alpha(image), "TIFF"))
    place = premultiplied.index(struct.pack("<HHI", 338, 3, 1))
    premultiplied[place + 8 : place + 10] = struct.pack("<H", 1)
    made["tiff_premultiplied"] = bytes(premultiplied)
    for orientation in range(1, 9):
        made[f"tiff_orientation_{orientation}"] = oriented(image, orientation)
    return made


def webps(image: Image.Image) -> dict[str, bytes]:
    transparent = with_alpha(image)
    return {
        "webp": saved(image, "WEBP", quality=80),
        "webp_lossless": saved(image, "WEBP", lossless=True),
        "webp_alpha": saved(transparent, "WEBP", quality=80),
        "webp_lossless_alpha": saved(transparent, "WEBP", lossless=True, exact=True),
        "webp_animated": saved(image, "WEBP", save_all=True, append_images=[image.rotate(180)]),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    image = color_image()
    for make in (gifs, bmps, pnms, tiffs, webps):
        for kind, content in make(image).items():
            (folder / f"{kind}.jpg").write_bytes(content)
            pixels = Image.open(io.BytesIO(content)).convert("RGB")
            (folder / f"{kind}.rgb").write_bytes(
                struct.pack("<II", *pixels.size) + pixels.tobytes()
            )


if __name__ == "__main__":
    main()
