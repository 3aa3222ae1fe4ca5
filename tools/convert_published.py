#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the original study's published RTX A5000 numbers as JSON of this program.

INPUT is a summary of batch_size_impact.json of hpides/alsatian, commit 79899f9: per network and
batch size `batches`, `end_to_end` and, of load_data, data_to_device and inference, `_sum` and
`_median`, all in seconds. The largest batch sizes are those of the study's README at that commit.
`reports/baselines/rtx-a5000-published.json` was written by

    tools/convert_published.py INPUT -o reports/baselines/rtx-a5000-published.json

What the study calls end_to_end is our `extract_seconds`: first batch requested to last feature
done, without loading the model and without scoring. So the rows have no `end_to_end`, and their
real_time is the extraction alone. The study's three sums exceed it by 0.6 to 1.0 s in every row;
the source does not say why, and nothing is corrected here.

Exit codes: 0 written, 2 bad input.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from whole_text import read_text

ITEMS = 9469  # of ImageNette's train split
# The study's names -> torchvision's.
NAMES = {"eff_net_v2_s": "efficientnet_v2_s", "eff_net_v2_l": "efficientnet_v2_l"}
# README.md of the study, "Max batch size": the largest power of two that fits.
MAX_BATCH = {
    "resnet152": 1024, "resnet101": 1024, "resnet50": 1024, "resnet34": 1024, "resnet18": 2048,
    "mobilenet_v2": 1024, "eff_net_v2_s": 1024, "eff_net_v2_l": 2048, "vit_b_16": 2048,
    "vit_l_16": 2048, "vit_b_32": 2048, "vit_l_32": 4096,
}  # fmt: skip
SETTINGS = "decoder=pil/mode=prefetch/transfer=pageable/workers=8"
CONTEXT = {
    "date": "2024-02-20T13:30:29",
    "executable": "batch_size_impact.py",
    "num_cpus": 128,
    "caches": [],
    "source": "hpides/alsatian commit 79899f9, opt_parameters/results/batch_size_impact/"
    "2024-02-20-13:30:29#batch_size_impact.json; MaxBatchSize: the README beside it",
    "published_date": "of the file's name, its zone is not known",
    "published_includes": "first batch requested to last feature done (our extract_seconds); no "
    "loading of the model, no scoring",
    "published_sums": "load_data, data_to_device and inference exceed the whole by 0.6 to 1 s",
    "published_unknown": "cpu_time and the time of MaxBatchSize (0 here), the weights",
    "gpu_name": "NVIDIA RTX A5000",
    "gpu_memory": "24 GB",
    "cpu_model": "AMD Ryzen Threadripper PRO 3995WX 64-Cores",
    "cores_allowed": "32",
    "driver_version": "535.129.03",
    "cuda_runtime_version": "12.2",
    "python_version": "3.8.10",
    "torch_version": "2.1 or 2.2 (the README says 'PyTorch 12.1.1')",
    "torchvision_version": "0.16.1",
    "precision": "torch",
    "published_precision": "PyTorch's default: TF32 in cuDNN, not in matrix products",
    "data": str(ITEMS),
    "data_images": str(ITEMS),
    "data_split": "train",
    "data_identity": "ImageNette, full size",
}


class BadInput(Exception):
    """The input is not the summary; the message is one line that names the file."""


def convert(path: Path) -> dict[str, Any]:
    """Google Benchmark JSON; raises BadInput."""
    try:
        models = json.loads(read_text(path))["models"]
        rows = [
            _end_to_end(model, int(batch), numbers)
            for model, batches in models.items()
            for batch, numbers in batches.items()
        ]
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(f"{path} is not a summary of the published numbers: {error!r}") from None
    rows += [_max_batch(model, size) for model, size in MAX_BATCH.items()]
    for index, row in enumerate(rows):
        row["family_index"] = index
    return {"context": CONTEXT, "benchmarks": rows}


def _end_to_end(model: str, batch: int, numbers: dict[str, float]) -> dict[str, Any]:
    if numbers["batches"] != -(-ITEMS // batch):
        raise ValueError(f"{model}, {batch}: {numbers['batches']} batches are not {ITEMS} items")
    seconds = numbers["end_to_end"]
    name = f"EndToEnd/{NAMES.get(model, model)}/full/cuda/{SETTINGS}/batch:{batch}"
    return _row(name, seconds) | {
        "batches": float(numbers["batches"]),
        "items": float(ITEMS),
        "distinct_items": float(ITEMS),
        "items_per_second": ITEMS / seconds,
        "extract_seconds": seconds,
        "load_data": numbers["load_data_sum"],
        "data_to_device": numbers["data_to_device_sum"],
        "inference": numbers["inference_sum"],
        "load_data_batch_p50": numbers["load_data_median"],
        "data_to_device_batch_p50": numbers["data_to_device_median"],
        "inference_batch_p50": numbers["inference_median"],
        "label": "published; extraction alone: no loading of the model, no scoring",
    }  # fmt: skip


def _max_batch(model: str, size: int) -> dict[str, Any]:
    return _row(f"MaxBatchSize/{NAMES.get(model, model)}/full/cuda", 0.0) | {
        "max_batch_size": float(size),
        "exact": 0.0,
        "label": "published; only powers of two were tried, so this is a lower bound",
    }


def _row(name: str, seconds: float) -> dict[str, Any]:
    name += "/manual_time"
    return {
        "name": name, "family_index": 0, "per_family_instance_index": 0, "run_name": name,
        "run_type": "iteration", "repetitions": 1, "repetition_index": 0, "threads": 1,
        "iterations": 1, "real_time": round(1e3 * seconds, 6), "cpu_time": 0.0, "time_unit": "ms",
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="convert_published.py", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("input", type=Path, metavar="INPUT.json")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        document = convert(options.input)
        options.output.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    except (BadInput, OSError) as error:
        print(f"convert_published.py: {error}", file=sys.stderr)
        return 2
    print(f"{options.output}: {len(document['benchmarks'])} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
