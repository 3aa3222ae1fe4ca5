# SPDX-License-Identifier: Apache-2.0
"""Writes odd pictures and Pillow's pixels of them: `export_pictures.py FOLDER`.

FOLDER/read holds files of every kind that cameras and programs write, each with the PPM of
Pillow's convert("RGB"); FOLDER/damaged files of which bytes are missing; FOLDER/refused files that
Pillow refuses, too large ones among them.
"""

import io
import shutil
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 83, 61


def photograph(mode: str = "RGB") -> Image.Image:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    noise = np.random.default_rng(1).integers(-12, 13, (HEIGHT, WIDTH, 3))
    waves = np.stack([x * 3, y * 4, 128 + 100 * np.sin(x / 9 + y / 7)], axis=2) + noise
    return Image.fromarray(np.clip(waves, 0, 255).astype(np.uint8)).convert(mode)


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    target = io.BytesIO()
    (image or photograph()).save(target, "JPEG", **{"quality": 90} | options)
    return target.getvalue()


def segments(file: bytes) -> list[tuple[int, bytes]]:
    """The marker and the bytes of every segment; those of a scan go on to the next marker."""
    parts = []
    at = 2
    while file[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(file[at + 2 : at + 4])
        if file[at + 1] == 0xDA:
            while file[end] != 0xFF or file[end + 1] in (0, *range(0xD0, 0xD8)):
                end += 1
        parts.append((file[at + 1], file[at:end]))
        at = end
    return parts


def joined(parts: list[tuple[int, bytes]]) -> bytes:
    return b"\xff\xd8" + b"".join(part for _, part in parts) + b"\xff\xd9"


def without(file: bytes, *markers: int) -> bytes:
    return joined([part for part in segments(file) if part[0] not in markers])


def changed(file: bytes, marker: int, change: Callable[[bytearray], object]) -> bytes:
    parts = []
    for code, part in segments(file):
        body = bytearray(part)
        if code == marker:
            change(body)
        parts.append((code, bytes(body)))
    return joined(parts)


def put(at: int, *values: int) -> Callable[[bytearray], object]:
    return lambda part: part.__setitem__(slice(at, at + len(values)), bytes(values))


def in_scan(file: bytes, number: int, cut: Callable[[bytes], bytes]) -> bytes:
    """Changes the entropy-coded data of one scan."""
    parts = segments(file)
    place = [i for i, (code, _) in enumerate(parts) if code == 0xDA][number]
    part = parts[place][1]
    head = 2 + int.from_bytes(part[2:4])
    parts[place] = (0xDA, part[:head] + cut(part[head:]))
    return joined(parts)


def shortened(share: float) -> Callable[[bytes], bytes]:
    def cut(data: bytes) -> bytes:
        kept = data[: int(len(data) * share)]
        return kept[:-1] if kept.endswith(b"\xff") else kept

    return cut


def without_interval(number: int) -> Callable[[bytes], bytes]:
    def cut(data: bytes) -> bytes:
        marks = [i for i in range(len(data) - 1)
                 if data[i] == 0xFF and 0xD0 <= data[i + 1] <= 0xD7]  # fmt: skip
        return data[: marks[number]] + data[marks[number + 1] :]

    return cut


def adobe(transform: int) -> bytes:
    return b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform])


def after_start(file: bytes, segment: bytes) -> bytes:
    return file[:2] + segment + file[2:]


def with_ids(file: bytes, ids: bytes) -> bytes:
    """Other names of the components."""

    def frame(part: bytearray) -> None:
        for i, name in enumerate(ids):
            part[10 + 3 * i] = name

    def scan(part: bytearray) -> None:
        for i, name in enumerate(ids[: part[4]]):
            part[5 + 2 * i] = name

    return changed(changed(file, 0xC0, frame), 0xDA, scan)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(depth: int, color: int, *, extra: bytes = b"", interlaced: bool = False,
        rows: bytes | None = None, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:  # fmt: skip
    """A PNG of noise; where it is interlaced, of Adam7's passes."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    width, height = size
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
                  (1, 0, 2, 2), (0, 1, 1, 2)]  # fmt: skip
    noise = np.random.default_rng(depth + color)
    raw = rows or b""
    for left, top, across, down in passes if rows is None else []:
        columns, lines = -(-(width - left) // across), -(-(height - top) // down)
        line_bytes = (columns * channels * depth + 7) // 8
        for _ in range(lines if line_bytes else 0):
            raw += b"\0" + noise.integers(0, 256, line_bytes, dtype=np.uint8).tobytes()
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    data = zlib.compress(raw)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))  # fmt: skip


def palette(entries: int) -> bytes:
    return chunk(
        b"PLTE", bytes(range(3 * entries % 256)) if entries < 86 else bytes(range(256)) * 3
    )


def read_jpegs() -> dict[str, bytes]:
    plain = jpeg()
    gray = jpeg(photograph("L"))
    cmyk = jpeg(photograph("CMYK"))
    rgb = jpeg(keep_rgb=True, subsampling=0)
    files = {
        "plain": plain, "gray": gray, "cmyk_adobe": cmyk, "rgb_adobe": rgb,
        "progressive": jpeg(progressive=True), "restarts": jpeg(restart_marker_blocks=3),
        "restarts_progressive": jpeg(progressive=True, restart_marker_rows=1),
        "full": jpeg(subsampling=0), "half_width": jpeg(subsampling=1),
        "cmyk_progressive": jpeg(photograph("CMYK"), progressive=True),
        # A scan header of Samsung's phones: the last coefficient is 0 of 63.
        "last_coefficient_0": changed(plain, 0xDA, put(11, 0)),
        "motion": without(plain, 0xC4), "motion_gray": without(gray, 0xC4),
        "motion_full": without(jpeg(subsampling=0), 0xC4),
        "motion_restarts": without(jpeg(restart_marker_blocks=2), 0xC4),
        "optimized": jpeg(optimize=True), "cmyk_plain": without(cmyk, 0xEE),
        "ycck": after_start(without(cmyk, 0xEE), adobe(2)),
        "cmyk_adobe_1": after_start(without(cmyk, 0xEE), adobe(1)),
        "rgb_by_names": with_ids(without(rgb, 0xEE), b"RGB"),
        "names_of_rgb_jfif": with_ids(plain, b"RGB"),
        "names_of_rgb_adobe_1": after_start(with_ids(without(plain, 0xE0), b"RGB"), adobe(1)),
        "other_names": with_ids(without(plain, 0xE0), b"abc"),
        "without_jfif": without(plain, 0xE0), "adobe_0_jfif": changed(
            joined([*segments(plain)[:1], (0xEE, adobe(0)), *segments(plain)[1:]]), 0xEE,
            lambda _: None),
        "adobe_2_of_3": after_start(without(plain, 0xE0), adobe(2)),
        "extended": changed(plain, 0xC0, put(1, 0xC1)),
        "zeros_before_end": in_scan(plain, 0, lambda data: data + bytes(40)),
        "appended": plain + bytes(1000),
        "bytes_between": changed(plain, 0xE0, lambda part: part.extend(bytes(5))),
        "restart_at_end": in_scan(
            jpeg(restart_marker_blocks=3), 0, lambda data: data + b"\xff\xd0"
        ),
    }  # fmt: skip
    return {f"{name}.jpg": file for name, file in files.items()}


def read_pngs() -> dict[str, bytes]:
    files = {}
    for interlaced in (False, True):
        suffix = "_interlaced" if interlaced else ""
        for color, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16),
                              6: (8, 16)}.items():  # fmt: skip
            for depth in depths:
                extra = palette(2**depth) if color == 3 else b""
                files[f"color{color}_{depth}{suffix}"] = png(
                    depth, color, extra=extra, interlaced=interlaced)  # fmt: skip
    transparent = chunk(b"tRNS", bytes([0, 90, 255]))
    files |= {
        "palette_transparent": png(2, 3, extra=palette(4) + transparent),
        "palette_short": png(4, 3, extra=palette(9)),
        "gray_transparent": png(8, 0, extra=chunk(b"tRNS", b"\0\7")),
        "gray_16_transparent": png(16, 0, extra=chunk(b"tRNS", b"\0\7")),
        "rgb_transparent": png(8, 2, extra=chunk(b"tRNS", b"\0\1\0\2\0\3")),
        "gamma": png(8, 2, extra=chunk(b"gAMA", struct.pack(">I", 100000))),
        "significant_bits": png(8, 0, extra=chunk(b"sBIT", b"\5")),
        "inflates": png(8, 0, size=(3, 2), rows=bytes(1 << 26)),
    }
    return {f"{name}.png": file for name, file in files.items()}


def damaged() -> dict[str, bytes]:
    plain, restarts = jpeg(), jpeg(restart_marker_blocks=3)
    files = {}
    for share in (0.0, 0.2, 0.5, 0.8, 0.9, 0.97):
        files[f"scan_{share}.jpg"] = in_scan(plain, 0, shortened(share))
        files[f"gray_{share}.jpg"] = in_scan(jpeg(photograph("L")), 0, shortened(share))
        files[f"restarts_{share}.jpg"] = in_scan(restarts, 0, shortened(share))
        for scan in (0, 4, 9):
            files[f"progressive_{scan}_{share}.jpg"] = in_scan(
                jpeg(progressive=True), scan, shortened(share))  # fmt: skip
    for interval in (0, 2, 4):
        files[f"interval_{interval}.jpg"] = in_scan(restarts, 0, without_interval(interval))
    rows = b"\0" + bytes(range(WIDTH))
    return files | {
        "no_quantization.jpg": without(plain, 0xDB),
        "progressive_no_tables.jpg": without(jpeg(progressive=True), 0xC4),
        "no_frame.jpg": without(plain, 0xC0), "no_scan.jpg": without(plain, 0xDA),
        "no_end.jpg": plain[:-2], "half.jpg": plain[: len(plain) // 2],
        "png_rows.png": png(8, 0, rows=rows * (HEIGHT - 1)),
        "png_half.png": png(8, 0)[:2000], "png_filter.png": png(8, 0, rows=b"\x09" + rows[1:] * 61),
        "png_no_palette.png": png(8, 3),
    }  # fmt: skip


def refused() -> dict[str, bytes]:
    plain = jpeg()
    return {
        "bits_12.jpg": changed(plain, 0xC0, put(4, 12)),
        "height_0.jpg": changed(plain, 0xC0, put(5, 0, 0)),
        "lossless.jpg": changed(plain, 0xC0, put(1, 0xC7)),
        "second_frame.jpg": joined([part for part in segments(plain) for _ in
                                    range(2 if part[0] == 0xC0 else 1)]),
        "many_pixels.jpg": changed(plain, 0xC0, put(5, 0x75, 0x30, 0x75, 0x30)),
        "many_pixels_progressive.jpg": changed(
            jpeg(progressive=True), 0xC2, put(5, 0x75, 0x30, 0x75, 0x30)),
        "many_pixels.png": png(8, 0, size=(30000, 30000), rows=b""),
    }  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    for kind, files in {"read": read_jpegs() | read_pngs(), "damaged": damaged(),
                        "refused": refused()}.items():  # fmt: skip
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, file in files.items():
            (folder / kind / name).write_bytes(file)
            if kind == "read":
                Image.open(io.BytesIO(file)).convert("RGB").save(folder / kind / f"{name}.ppm")


if __name__ == "__main__":
    main()
