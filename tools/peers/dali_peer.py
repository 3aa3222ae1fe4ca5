# SPDX-License-Identifier: Apache-2.0
"""NVIDIA DALI's pipeline on the CPU: its own threads decode, resize, crop and normalize."""

import dataclasses
import time

from peers.loader_setting import LoaderSetting
from peers.peer_process import serve
from peers.rows import PeerResult, loader_result

_MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255]
_DEVIATION = [0.229 * 255, 0.224 * 255, 0.225 * 255]


def pipeline(setting: LoaderSetting, decoder: str = "cpu"):
    """Endless batches [N, 3, 224, 224] float32 and labels, in the order of the data set. With the
    decoder `mixed` a GPU decodes and does the rest."""
    from nvidia.dali import fn, pipeline_def, types

    device = 0 if decoder == "mixed" else None

    @pipeline_def(batch_size=setting.batch, num_threads=setting.workers, device_id=device)
    def images():
        files, labels = fn.readers.file(file_root=f"{setting.folder}/train", name="files")
        pixels = fn.decoders.image(files, device=decoder, output_type=types.RGB)
        # torchvision antialiases; DALI widens its filter only with this flag.
        pixels = fn.resize(
            pixels, resize_shorter=256, interp_type=types.INTERP_LINEAR, antialias=True
        )
        pixels = fn.crop_mirror_normalize(
            pixels,
            crop=(224, 224),
            mean=_MEAN,
            std=_DEVIATION,
            dtype=types.FLOAT,
            output_layout="CHW",
        )
        return pixels, labels

    made = images()
    made.build()
    return made


def measure(setting: LoaderSetting, decoder: str = "cpu") -> PeerResult:
    import nvidia.dali.fn
    import nvidia.dali.types  # noqa: F401  Imports are not a part of loading.

    start = time.perf_counter()
    batches = pipeline(setting, decoder)
    batches.run()
    first = time.perf_counter() - start
    for _ in range(setting.warmup_batches - 1):
        batches.run()
    start = time.perf_counter()
    for _ in range(setting.batches - setting.warmup_batches):
        batches.run()
    seconds = time.perf_counter() - start
    del batches
    start = time.perf_counter()
    batches = pipeline(setting, decoder)
    count = -(-batches.epoch_size("files") // setting.batch)
    for _ in range(count):
        batches.run()
    first_pass = count * setting.batch / (time.perf_counter() - start)
    return loader_result(setting.batch, setting.measured_items / seconds, first, first_pass)


if __name__ == "__main__":
    serve(lambda given: dataclasses.asdict(measure(LoaderSetting(**given))))
