# SPDX-License-Identifier: Apache-2.0
"""Invented results for tests of the reports: rows with given names and counters."""

import json
import re
from pathlib import Path
from typing import Any

from results import table

CONTEXT = {"cpu_model": "Example CPU", "gpu_name": "Example GPU", "weights": "files"}


def row(name: str, seconds: float = 1.0, **counters: Any) -> dict[str, Any]:
    """A row as Google Benchmark writes it; a None among the counters is left out."""
    kept = {key: value for key, value in counters.items() if value is not None}
    return {
        "name": f"{name}/manual_time",
        "run_name": f"{name}/manual_time",
        "run_type": "iteration",
        "real_time": 1e3 * seconds,
        "time_unit": "ms",
        **kept,
    }


def failed(name: str) -> dict[str, Any]:
    return row(name, error_occurred=True, error_message="out of memory: planted")


def read(folder: Path, *files: list[dict[str, Any]], **context: str) -> table.Results:
    """The results of files of these rows, all with one context; `samples` of a row go into the file
    next to them, its `trace` into their folder of traces."""
    paths = []
    for place, given in enumerate(files):
        path = folder / f"planted{place}.json"
        rows = [{key: value for key, value in row.items() if key != "trace"} for row in given]
        for row in given:
            write_trace(folder / f"planted{place}.traces", row)
        document = {"context": CONTEXT | context, "benchmarks": rows}
        path.write_text(json.dumps(document), encoding="utf-8")
        lines = [
            json.dumps({"name": row["name"], "measured": row["samples"]}) + "\n"
            for row in given
            if "samples" in row
        ]
        path.with_suffix(".samples.jsonl").write_text("".join(lines), encoding="utf-8")
        paths.append(path)
    return table.read(paths)


def end_to_end(
    subject: str = "resnet18",
    configuration: str = "full",
    device: str = "cuda",
    mode: str = "serial",
    batch: int = 128,
    workers: int = 8,
    scale: float = 1.0,
    **counters: Any,
) -> dict[str, Any]:
    """A search of 1000 items that takes 2 s times `scale`."""
    steps = {
        "load_model": 0.1,
        "load_data": 1.0,
        "data_to_device": 0.2,
        "inference": 0.5,
        "score": 0.18,
        "other": 0.02,
    }
    seconds = {name: scale * value for name, value in steps.items()}
    total = sum(seconds.values())
    keys = f"decoder=stb/mode={mode}/workers={workers}"
    name = f"EndToEnd/{subject}/{configuration}/{device}/{keys}/batch:{batch}"
    known = {"end_to_end": total, "items": 1000, "items_per_second": 1000 / total}
    return row(name, total, **(seconds | known | counters))


def blocks(subject: str, seconds: list[float], **counters: Any) -> dict[str, Any]:
    """A row of Blocks: outputs halve after each third of the blocks, reading is at 1 GB/s."""
    found: dict[str, Any] = {"stem_seconds": seconds[0], "head_seconds": seconds[-1] / 4}
    recompute = seconds[0]
    for place, time in enumerate(seconds):
        recompute += time
        size = 3.2e6 / 2 ** (3 * place // len(seconds))
        load = 128 * size / 1e9
        if load < recompute:
            found.setdefault("first_block_worth_loading", place)
        found |= {
            f"block_{place:02d}_seconds": time,
            f"block_{place:02d}_output_bytes": size,
            f"block_{place:02d}_load_seconds": load,
            f"block_{place:02d}_recompute_seconds": recompute,
        }
    total = recompute + found["head_seconds"]
    return row(f"Blocks/{subject}/full/cuda/batch:128", total, p50=total, **(found | counters))


def largest_batch(subject: str, largest: int, best: int, device: str = "cuda", **counters: Any):
    """A row of MaxBatchSize whose speed falls with the distance from the best size."""
    sizes = [1 << place for place in range(13) if 1 << place < largest] + [largest]
    regret = {f"regret_at_{size}": _lost(size, best) for size in sizes}
    known = {"max_batch_size": largest, "exact": 1, "capped": 0, "limited_by_memory": 1}
    known |= {"fastest_batch_from": best, "fastest_batch_to": best}
    return row(f"MaxBatchSize/{subject}/full/{device}", 30.0, **(known | regret | counters))


def _lost(size: int, best: int) -> float:
    return 1 - min(size / best, 1) ** 0.5 if size < best else 0.02 * (size / best - 1) / 8


def roofline(
    subject: str, batch: int, intensity: float, share: float, matrix: float = 4e14, **counters: Any
) -> dict[str, Any]:
    """A row of Inference that reaches `share` of its bound; copies run at 4 TB/s."""
    copy, moved = 4e12, 2e7 * batch
    rate = share * min(matrix, copy * intensity)
    seconds = intensity * moved / rate
    known = {
        "bytes": moved,
        "arithmetic_intensity": intensity,
        "peak_matrix_flops": matrix,
        "peak_copy_bytes": copy,
        "achieved_matrix": rate / matrix,
        "achieved_copy": moved / seconds / copy,
        "macs": intensity * moved / batch / 2,
        "items_per_second": batch / seconds,
        "p50": seconds,
        "p90": 1.02 * seconds,
        "p99": 1.2 * seconds,
    }
    return row(f"Inference/{subject}/full/cuda/batch:{batch}", seconds, **(known | counters))


def zoo_search(
    seconds: float = 1.0,
    plan: str = "shared",
    budget: str = "all",
    ranking: str = "a,b,c",
    failed: str = "",
    keys: str = "workers=8",
    zoo: str = "zoo",
    limit: str = "inference",
    **counters: Any,
) -> dict[str, Any]:
    """A search of a zoo of which nine tenths are the extraction, which computing limits."""
    parts = {"extract_seconds": 0.9, "score": 0.09, "other": 0.01, "busy_load_data": 0.4,
             "busy_load_model": 0.2, "busy_inference": 0.8}  # fmt: skip
    known: dict[str, Any] = {name: share * seconds for name, share in parts.items()}
    names = ranking.split(",")
    known |= {f"score_value{i}": 0.9 - 0.1 * i for i in range(len(names))}
    known |= {f"accuracy{i}": 0.9 - 0.1 * i for i in range(len(names))}
    known |= {f"loss{i}": 0.1 + 0.1 * i for i in range(len(names))}
    known |= {"candidates": len(names), "items": 1000.0, "failed_candidates": 0,
              "seconds_per_candidate": seconds / len(names)}  # fmt: skip
    label = f"limit={limit} keeping=everything ranking={ranking}"
    label += f" failed={failed}" if failed else ""
    parts_of_name = sorted([f"plan={plan}", f"budget={budget}", *keys.split("/")])
    name = f"Search/{zoo}/cuda/{'/'.join(parts_of_name)}/batch:128"
    return row(name, seconds, label=label, **(known | counters))


def write_trace(folder: Path, row: dict[str, Any]) -> None:
    """A row's `trace` where the program would write it."""
    path = folder / f"{re.sub('[^A-Za-z0-9=._-]', '_', row['name'])}.json"
    if isinstance(row.get("trace"), dict):
        folder.mkdir(exist_ok=True)
        path.write_text(json.dumps({"row": row["name"]} | row["trace"]), encoding="utf-8")
    else:
        path.unlink(missing_ok=True)


def event(kind: str, begin: float, end: float, lane: int = 1, **args: int) -> dict[str, Any]:
    return {"name": kind, "cat": kind, "ph": "X", "ts": 1e6 * begin, "dur": 1e6 * (end - begin),
            "pid": 1, "tid": lane, "args": args}  # fmt: skip


def segment(
    parent: int | None, first: int, last: int, seconds: float, *candidates: str, ends: bool = True
) -> dict[str, Any]:
    return {"parent": parent, "first": first, "last": last, "ends": ends, "seconds": seconds,
            "architecture": "resnet18", "candidates": list(candidates)}  # fmt: skip


def trace() -> dict[str, Any]:
    """Of a search of 1 s: a trunk that all share, equal children at its end, and another child."""
    return {
        "seconds": 1.0,
        "segments": [
            segment(None, 0, 7, 0.4, "child-00", "child-01", "child-02", ends=False),
            segment(0, 7, 10, 0.2, "child-00", "child-01"),
            segment(0, 7, 10, 0.1, "child-02"),
        ],
        "traceEvents": [
            {"name": "thread_name", "ph": "M", "pid": 1, "tid": 1, "args": {"name": "decoding"}},
            event("load_data", 0.0, 0.3, batch=0),
            event("load_model", 0.0, 0.1, lane=4, segment=0),
            event("load_model", 0.1, 0.2, lane=5, segment=1),
            event("inference", 0.3, 0.7, lane=2, segment=0, batch=0),
            event("inference", 0.7, 0.9, lane=2, segment=1, batch=0),
            event("score", 0.9, 1.0, lane=3),
        ],
    }
