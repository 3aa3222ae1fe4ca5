#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A program for the tests of paired_run.py and .ci/: writes rows with invented, noisy times.

Both sides share the environment, so the settings of each are in a file next to its copy of this
program: {"rows": {name: seconds}, "noise": share, "context": {...},
"crash_in": [round, ...], "fail": {name: message}, "exit": code}. MODEL_SEARCH_FAULT=slow=... works
as in the program, unless "never_slow" is set.
"""

import json
import os
import random
import re
import sys
from pathlib import Path

here = Path(sys.argv[0])
settings = json.loads(here.with_suffix(".settings").read_text())
count = here.with_suffix(".count")
index = int(count.read_text()) if count.exists() else 0
count.write_text(str(index + 1))
flags = dict(flag.removeprefix("--").split("=", 1) for flag in sys.argv[1:])
if index in settings.get("crash_in", []):
    sys.exit("crashed")
random.seed(f"{settings.get('seed', 0)} {index}")
slow, _, part = os.environ.get("MODEL_SEARCH_FAULT", "slow=0:").partition(":")
share = float(slow.removeprefix("slow="))
rows = []
for name, seconds in settings["rows"].items():
    if not re.search(flags.get("benchmark_filter", "."), name):
        continue
    row = {"name": name, "run_name": name, "run_type": "iteration", "time_unit": "ms"}
    if name in settings.get("fail", {}):
        row |= {"error_occurred": True, "error_message": settings["fail"][name], "real_time": 0}
    else:
        time = seconds * random.lognormvariate(0, settings.get("noise", 0))
        if share and part in name and not settings.get("never_slow"):
            time *= 1 + share
            row["simulated_delay"] = share
        row |= {"real_time": 1e3 * time, "p50": time, "items_per_second": 1 / time}
    rows.append(row)
context = {"cpu_model": "a CPU", "git_revision": str(here.parent)} | settings.get("context", {})
Path(flags["benchmark_out"]).write_text(json.dumps({"context": context, "benchmarks": rows}))
sys.exit(settings.get("exit", 0))
