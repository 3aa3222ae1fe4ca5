#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write Inference rows of full image networks as a CSV with the columns of timm's results.

timm (huggingface/pytorch-image-models, results/benchmark-infer-*.csv) has: model, infer_img_size,
infer_batch_size, infer_samples_per_sec, infer_step_time (ms), infer_gmacs, param_count (millions).
Two differences remain: the step time is the median of the batches (timm gives the mean), and the
parameters and MACs exclude the classifier. timm's infer_macts is left out, because the program does
not measure it. Rows are sorted as timm sorts them, the fastest first.

Exit codes: 0 written, 2 bad input or no such row.
"""

import argparse
import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import project_python

project_python.require("pandas")

from results.reader import ResultError  # noqa: E402
from results.table import Results, read  # noqa: E402

# Our names -> timm's. timm's efficientnetv2 rows have other resolutions and paddings, so these two
# networks take the names of torchvision's ports.
_NAMES = {
    "mobilenet_v2": "mobilenetv2_100",
    "vit_b_16": "vit_base_patch16_224",
    "vit_b_32": "vit_base_patch32_224",
    "vit_l_16": "vit_large_patch16_224",
    "vit_l_32": "vit_large_patch32_224",
}
COLUMNS = (
    "model", "infer_img_size", "infer_batch_size", "infer_samples_per_sec", "infer_step_time",
    "infer_gmacs", "param_count", "keys",
)  # fmt: skip
_IMAGE_SIZE = 224


def table(results: Results) -> list[dict[str, object]]:
    """A line per measured row."""
    rows = results.of_step("Inference")
    rows = rows[
        (rows["configuration"] == "full") & (rows["domain"] == "images") & (rows["device"] != "cpu")
    ]
    lines = []
    for _, row in rows.iterrows():
        step = float(row["p50"])
        lines.append(
            {
                "model": _NAMES.get(row["subject"], row["subject"]),
                "infer_img_size": _IMAGE_SIZE,
                "infer_batch_size": int(row["batch"]),
                "infer_samples_per_sec": round(row["batch"] / step, 2),
                "infer_step_time": round(1e3 * step, 3),
                "infer_gmacs": round(row["macs"] / 1e9, 2),
                "param_count": round(row["params"] / 1e6, 2),
                "keys": " ".join(f"{key}={value}" for key, value in row["keys"]),
            }
        )
    return sorted(lines, key=lambda line: -line["infer_samples_per_sec"])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="timm_csv.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULTS.json")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.csv")
    options = parser.parse_args(arguments)
    try:
        lines = table(read(options.results))
        if not lines:
            names = ", ".join(map(str, options.results))
            raise ResultError(f"{names}: no Inference row of a full image network")
        with options.output.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
    except ResultError as error:
        print(f"timm_csv.py: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"timm_csv.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{options.output}: {len(lines)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
