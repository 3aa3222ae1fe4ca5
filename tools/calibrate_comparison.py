#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How often does paired_run.py call equal programs different, and does it find a planted delay?

Runs PAIRS comparisons of a program with itself (each with fresh processes of its own), and as many
with a delay that is simulated: a wrapper multiplies the second side's times by 1 + DELAY after they
were measured. Every row of every comparison is one verdict; rows of one comparison share their
processes, so they are not independent of each other. Flags that are not listed here go to the
program.
"""

import argparse
import json
import math
import stat
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from compare import rounds
from compare.decision import Rule, Verdict
from compare.gate import ExitCode
from whole_text import write_text

_WRAPPER = """#!{python}
import json, subprocess, sys
code = subprocess.run([{binary!r}, *sys.argv[1:]]).returncode
out = next(a.split("=", 1)[1] for a in sys.argv if a.startswith("--benchmark_out="))
document = json.load(open(out))
for row in document["benchmarks"]:
    for key in ("real_time", "p50", "mean"):
        if key in row:
            row[key] *= {factor}
json.dump(document, open(out, "w"))
sys.exit(code)
"""


def main(arguments: list[str] | None = None) -> int:
    options, flags = _parser().parse_known_args(arguments)
    rule = Rule()
    found: dict[str, Counter] = {"equal": Counter(), "delayed": Counter()}
    with tempfile.TemporaryDirectory(prefix="calibration-") as folder:
        wrapper = delayed(options.binary.resolve(), options.delay, Path(folder))
        for index in range(options.pairs):
            for kind, new in (("equal", options.binary.resolve()), ("delayed", wrapper)):
                plan = rounds.Plan(
                    options.binary.resolve(), new, tuple(flags),
                    Path(folder) / f"{kind}-{index}", seed=options.order_seed + index,
                )  # fmt: skip
                ran = rounds.run(plan, rule)
                if ran.interrupted:
                    held = f"; {options.output} holds those before" if index else ""
                    print(f"interrupted in pair {index + 1}{held}", file=sys.stderr)
                    return ExitCode.INTERRUPTED
                found[kind].update(line.decision.verdict for line in ran.lines)
                found[kind]["rounds"] += len(ran.base)
            # What is known so far is on disk: a calibration takes hours.
            text = json.dumps(report(found, index + 1, options, flags), indent=1)
            write_text(text + "\n", options.output)
    print(text)
    return 0


def delayed(binary: Path, delay: float, folder: Path) -> Path:
    """A wrapper around the program, whose delay is simulated."""
    wrapper = folder / "delayed"
    wrapper.write_text(_WRAPPER.format(python=sys.executable, binary=str(binary), factor=1 + delay))
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    return wrapper


def report(found: dict[str, Counter], pairs: int, options, flags: list[str]) -> dict:
    equal, late = found["equal"], found["delayed"]
    rows = sum(equal[verdict] for verdict in Verdict)
    late_rows = sum(late[verdict] for verdict in Verdict)
    wrong = equal[Verdict.SLOWER] + equal[Verdict.FASTER]
    rule = Rule()
    return {
        "rule": {"margin": rule.margin, "alpha": rule.alpha, "same_alpha": rule.same_alpha},
        "looks": rounds.LOOKS,
        "flags": flags,
        "comparisons": pairs,
        "equal": {
            "rows": rows,
            "verdicts": {str(verdict): equal[verdict] for verdict in Verdict if equal[verdict]},
            "wrong": wrong,
            "wrong_upper_bound_95": upper_bound(wrong, rows),
            "unsure_share": equal[Verdict.UNSURE] / rows if rows else None,
            "rounds": equal["rounds"],
        },
        "delayed (simulated)": {
            "delay": options.delay,
            "rows": late_rows,
            "verdicts": {str(verdict): late[verdict] for verdict in Verdict if late[verdict]},
            "found_share": late[Verdict.SLOWER] / late_rows if late_rows else None,
            "rounds": late["rounds"],
        },
    }


def upper_bound(hits: int, trials: int, confidence: float = 0.95) -> float:
    """Clopper and Pearson's one-sided upper bound of a share."""
    low, high = hits / max(trials, 1), 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tail = sum(
            math.comb(trials, i) * middle**i * (1 - middle) ** (trials - i) for i in range(hits + 1)
        )
        low, high = (middle, high) if tail > 1 - confidence else (low, middle)
    return high


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="calibrate_comparison.py", description=__doc__, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("binary", type=Path, help="the program")
    add("--pairs", type=int, default=10, help="comparisons of each kind (default: %(default)s)")
    add("--delay", type=float, default=0.05, help="default: %(default)s")
    add("--order-seed", type=int, default=0)
    add("-o", "--output", type=Path, required=True, metavar="FILE", help="JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
