#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Count how often paired_run.py calls equal programs different, and how often it finds a delay.

Compares a program PAIRS times with itself, in fresh processes each time, and PAIRS times with a
delayed copy. The delay is simulated: a wrapper multiplies the measured times by 1 + DELAY. A delay
near --margin stays UNSURE; one of twice the margin is found where rows are steady. Every
row of every comparison counts as one verdict; the rows of one comparison share processes, so their
verdicts are not independent. Flags that are not listed here go to the program.

Exit codes: 0 counted, 2 a program cannot start or writes no results, 130 interrupted (OUTPUT has
the pairs before).
"""

import argparse
import json
import stat
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import project_python
import termination

project_python.require("scipy", "rich")

from compare import paired_rounds  # noqa: E402
from compare.decision import Rule, Verdict  # noqa: E402
from compare.gate import ExitCode  # noqa: E402
from results.reader import ResultError  # noqa: E402
from whole_text import write_text  # noqa: E402

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
                plan = paired_rounds.Plan(
                    options.binary.resolve(), new, tuple(flags),
                    Path(folder) / f"{kind}-{index}", seed=options.order_seed + index,
                )  # fmt: skip
                try:
                    ran = paired_rounds.run(plan, rule)
                except (ResultError, OSError) as error:
                    print(f"calibrate_comparison.py: {error}", file=sys.stderr)
                    return ExitCode.BAD_INPUT
                if ran.interrupted:
                    held = f"; {options.output} has the pairs before" if index else ""
                    print(f"interrupted in pair {index + 1}{held}", file=sys.stderr)
                    return ExitCode.INTERRUPTED
                found[kind].update(line.decision.verdict for line in ran.lines)
                found[kind]["rounds"] += len(ran.base)
            # A calibration takes hours: write the counts after each pair.
            text = json.dumps(report(found, index + 1, options, flags), indent=1)
            write_text(text + "\n", options.output)
    print(text)
    return 0


def delayed(binary: Path, delay: float, folder: Path) -> Path:
    """A program that runs `binary` and multiplies the times in its results by 1 + delay."""
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
        "looks": paired_rounds.LOOKS,
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
    from scipy import stats

    if trials == 0:
        return 1.0
    return float(stats.binomtest(hits, trials, alternative="less").proportion_ci(confidence).high)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="calibrate_comparison.py", description=__doc__, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("binary", type=Path, help="the program")
    add("--pairs", type=int, default=10, help="comparisons of each kind (default: %(default)s)")
    add(
        "--delay",
        type=float,
        default=0.08,
        help="share of the measured times that the delayed copy adds (default: %(default)s)",
    )
    add("--order-seed", type=int, default=0, help="seed of the random order of the sides")
    add("-o", "--output", type=Path, required=True, metavar="FILE", help="write the counts as JSON")
    return parser


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
