#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A program for the tests of zoo_search.py: Search rows with given scores and invented seconds.

The settings are in a file next to it: {"scores": {probe: {candidate: accuracy}}, "features": DIR
(what --features_dir gets a copy of), "zoo": NAME, "fail": part of a row's name}. A search takes
80 s one_by_one, half of that decode_once, a quarter shared; fused or bf16 halve that, and so does
halving.
"""

import itertools
import json
import shutil
import sys
from pathlib import Path

settings = json.loads(Path(sys.argv[0]).with_suffix(".settings").read_text())
flags = dict(flag.removeprefix("--").split("=", 1) for flag in sys.argv[1:])
assert flags["steps"] == "Search"
KEYS = {"plan": "", "budget": "all", "precision": "torch", "execution": "eager",
        "probe": "linear"}  # fmt: skip
FASTER = {"decode_once": 2, "shared": 4, "halving": 2, "bf16": 2, "fused": 2}
rows = []
lists = [flags.get(f"{key}s", default).split(",") for key, default in KEYS.items()]
for values in itertools.product(*lists):
    given = dict(zip(KEYS, values, strict=True))
    keys = {key: value for key, value in given.items() if value != KEYS[key]} | {"workers": "4"}
    name = "/".join(
        [f"Search/{settings['zoo']}/{flags['devices']}",
         *(f"{key}={keys[key]}" for key in sorted(keys)),
         f"batch:{flags['batch_sizes']}", "manual_time"]
    )  # fmt: skip
    seconds = 80.0
    for value in values:
        seconds /= FASTER.get(value, 1)
    scores = settings["scores"][given["probe"]]
    ranking = sorted(scores, key=scores.__getitem__, reverse=True)
    row = {"name": name, "run_name": name, "run_type": "iteration", "time_unit": "ms",
           "real_time": 1e3 * seconds, "label": f"ranking={','.join(ranking)}",
           "candidates": len(ranking)}  # fmt: skip
    row |= {f"accuracy{place}": scores[each] for place, each in enumerate(ranking)}
    if settings.get("fail", "-") in name:
        row |= {"error_occurred": True, "error_message": "out of memory"}
    rows.append(row)
if "features_dir" in flags:
    shutil.copytree(settings["features"], flags["features_dir"])
context = {"cpu_model": "a CPU", "data_images": "20"}
Path(flags["benchmark_out"]).write_text(json.dumps({"context": context, "benchmarks": rows}))
