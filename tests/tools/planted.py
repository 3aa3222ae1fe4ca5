# SPDX-License-Identifier: Apache-2.0
"""Planted results for tests of the diagnosis: rows as the program writes them, with invented
times."""

import json
from pathlib import Path
from typing import Any

from results import table

GPU = {"gpu_name": "GPU A", "cpu_model": "CPU A", "cores_allowed": "16", "num_cpus": 16,
       "data_identity": "d", "data_images": "1000", "weights": "random",
       "weights_resnet18": "random (seed 0)", "weights_vit_l_16": "vit.safetensors"}  # fmt: skip


def row(name: str, seconds: float, **counters: float) -> dict[str, Any]:
    """A row that several processes agree on, unless `counters` say otherwise."""
    return {"name": f"{name}/manual_time", "run_type": "iteration", "real_time": seconds,
            "time_unit": "s", "ci95_processes_rel": 0.002} | counters  # fmt: skip


def search(
    name: str, load_model: float, data: float, copy: float, inference: float, score: float,
    items: float = 1000, **counters: float,
) -> dict[str, Any]:  # fmt: skip
    """A serial EndToEnd row whose steps add up."""
    total = load_model + data + copy + inference + score
    steps = {"load_model": load_model, "load_data": data, "data_to_device": copy,
             "inference": inference, "score": score, "other": 0.0, "end_to_end": total,
             "extract_seconds": data + copy + inference, "items": items,
             "items_per_second": items / total, "batches": -(-items // 100)}  # fmt: skip
    return row(f"EndToEnd/{name}", total, **(steps | counters))


def load_data(name: str, rate: float, **counters: float) -> dict[str, Any]:
    return row(f"LoadData/images/{name}", 100 / rate, items_per_second=rate, p50=100 / rate,
               **counters)  # fmt: skip


def inference(name: str, rate: float, **counters: float) -> dict[str, Any]:
    return row(f"Inference/{name}", 100 / rate, items_per_second=rate, **counters)


def write(folder: Path, rows: list[dict[str, Any]], name: str = "run", **context: Any) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"context": GPU | context, "benchmarks": rows}), encoding="utf-8")
    return path


def read(folder: Path, *rows: dict[str, Any]) -> table.Results:
    return table.read([write(folder, list(rows))])
