#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Count how often paired_run.py calls equal programs different, and how often it finds a delay.

Compares a program with itself PAIRS times for each of --delays, in fresh processes. The delay
really runs: the second side has MODEL_SEARCH_FAULT=slow=DELAY:PART in its environment, which keeps
the host (and a GPU, on its stream) busy after each batch, within the timed region. Rows without
PART (--slow-rows) in their names, and all rows where the delay is 0, are equal on both sides. Every
row of every comparison counts as one verdict; the rows of one comparison share processes, so their
verdicts are not independent. A delay near --margin stays UNSURE; one of twice the margin is found
where rows are steady. Flags that are not listed here go to the program.

Exit codes: 0 counted, 2 a program cannot start, writes no results or did not delay its rows,
130 interrupted (OUTPUT has the pairs before).
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import project_python
import termination

project_python.require("scipy", "rich")

from compare import flags, paired_rounds  # noqa: E402
from compare.decision import Rule, Verdict  # noqa: E402
from compare.gate import ExitCode  # noqa: E402
from compare.table import Line  # noqa: E402
from results.reader import ResultError  # noqa: E402
from whole_text import write_text  # noqa: E402

_FAULT = "MODEL_SEARCH_FAULT"
_RAN = "simulated_delay"  # the counter of rows that were delayed


@dataclass
class Tally:
    """The verdicts on rows of one delay, their differences, and what the rows say was added."""

    verdicts: Counter = field(default_factory=Counter)
    effects: list[float] = field(default_factory=list)
    ran: list[float] = field(default_factory=list)

    def add(self, line: Line, ran: float | None) -> None:
        self.verdicts[line.decision.verdict] += 1
        if line.decision.effect is not None:
            self.effects.append(line.decision.effect)
        if ran is not None:
            self.ran.append(ran)

    def counts(self) -> dict:
        return {
            "rows": self.verdicts.total(),
            "verdicts": {str(v): self.verdicts[v] for v in Verdict if self.verdicts[v]},
            "effect": _spread(self.effects),
        }

    def share(self, *verdicts: Verdict) -> float | None:
        rows = self.verdicts.total()
        return sum(self.verdicts[verdict] for verdict in verdicts) / rows if rows else None


def main(arguments: list[str] | None = None) -> int:
    options, program_flags = _parser().parse_known_args(arguments)
    tallies = {delay: Tally() for delay in (0.0, *options.delays)}
    rule, context, rounds = Rule(margin=options.margin), {}, 0
    with tempfile.TemporaryDirectory(prefix="calibration-") as folder:
        for index in range(options.pairs):
            for delay in options.delays:
                try:
                    place = Path(folder) / f"{index}-{delay}"
                    plan = _plan(options, program_flags, place, options.order_seed + index, delay)
                    ran = paired_rounds.run(
                        plan, rule,
                        after_first=lambda first, delay=delay: _require(options, first, delay),
                    )  # fmt: skip
                except (ResultError, OSError) as error:
                    print(f"calibrate_comparison.py: {error}", file=sys.stderr)
                    return ExitCode.BAD_INPUT
                if ran.interrupted:
                    held = f"; {options.output} has the pairs before" if index else ""
                    print(f"interrupted in pair {index + 1}{held}", file=sys.stderr)
                    return ExitCode.INTERRUPTED
                for line in ran.lines:
                    added = _added(ran, line.name)
                    tallies[0.0 if added is None else delay].add(line, added)
                context, rounds = ran.base[0].context, rounds + len(ran.base)
            # A calibration takes long: write the counts after each pair.
            found = report(tallies, rule, options)
            found |= {"comparisons": index + 1, "rounds": rounds, "flags": program_flags}
            text = json.dumps(_conditions(options, context) | found, indent=1)
            write_text(text + "\n", options.output)
    print(text)
    return 0


def _plan(
    options, program_flags: list[str], folder: Path, seed: int, delay: float
) -> paired_rounds.Plan:
    if _FAULT in os.environ:
        raise ResultError(f"{_FAULT} is set; unset it, because both sides would have it")
    binary = options.binary.resolve()
    environment = {_FAULT: _fault(options, delay)} if delay else {}
    return paired_rounds.Plan(
        binary, binary, tuple(program_flags), folder, seed, options.budget, environment
    )


def _fault(options, delay: float) -> str:
    return f"slow={delay:g}:{options.slow_rows}"


def _require(options, first: paired_rounds.PairedRounds, delay: float) -> None:
    """Raises ResultError where the rows of the first round were not delayed as they should be."""
    if not delay:
        return
    rows = {n: row for n, row in first.new[0].rows.items() if options.slow_rows in n}
    if not rows:
        raise ResultError(f"--slow-rows={options.slow_rows}: no measured row has this in its name")
    for name, row in rows.items():
        if row.get(_RAN, 0.0) < 0.9 * delay:
            raise ResultError(
                f"{name}: {_fault(options, delay)} added {row.get(_RAN, 0.0):.1%}; the program "
                "is too old, or the step does not sample batches"
            )


def _added(ran: paired_rounds.PairedRounds, name: str) -> float | None:
    """The median over processes of what the row says its delay added, None without a delay."""
    found = [p.rows[name][_RAN] for p in ran.new if _RAN in p.rows.get(name, {})]
    return statistics.median(found) if found else None


def _conditions(options, context: dict) -> dict:
    machine = ("cpu_model", "cores_allowed", "gpu_name")
    return {
        "git_revision": context.get("git_revision"),
        "machine": {name: context[name] for name in machine if name in context},
        "conditions": options.conditions,
    }


def report(tallies: dict[float, Tally], rule: Rule, options) -> dict:
    equal = tallies[0.0]
    rows = equal.verdicts.total()
    wrong = equal.verdicts[Verdict.SLOWER] + equal.verdicts[Verdict.FASTER]
    return {
        "rule": {
            "verdict": "beyond the margin: the interval's near end lies beyond it",
            "margin": rule.margin,
            "alpha": rule.alpha,
            "same_alpha": rule.same_alpha,
            "looks": paired_rounds.LOOKS,
        },
        "equal": equal.counts()
        | {
            "wrong": wrong,
            "wrong_share": equal.share(Verdict.SLOWER, Verdict.FASTER),
            "wrong_upper_bound_95": upper_bound(wrong, rows),
            "unsure_share": equal.share(Verdict.UNSURE),
        },
        "delayed": [
            {
                "delay": delay,
                "method": f"real work within the timed region: {_FAULT}={_fault(options, delay)}",
                "ran": _spread(tally.ran),
            }
            | tally.counts()
            | {"found_share": tally.share(Verdict.SLOWER)}
            for delay, tally in tallies.items()
            if delay
        ],
    }


def _spread(numbers: list[float]) -> dict[str, float] | None:
    if not numbers:
        return None
    middle = statistics.median(numbers)
    return {"least": min(numbers), "median": middle, "most": max(numbers)}


def upper_bound(hits: int, trials: int, confidence: float = 0.95) -> float:
    """Clopper and Pearson's one-sided upper bound of a share."""
    from scipy import stats

    if trials == 0:
        return 1.0
    return float(stats.binomtest(hits, trials, alternative="less").proportion_ci(confidence).high)


def _delays(text: str) -> list[float]:
    return [0.0 if part == "0" else flags.share(part) for part in text.split(",")]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="calibrate_comparison.py", description=__doc__, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("binary", type=Path, help="the program")
    add("--pairs", type=int, default=10, help="comparisons of each delay (default: %(default)s)")
    add("--delays", type=_delays, default=[0.0, 0.06], metavar="LIST",
        help="shares that the second side adds to its batches; 0: equal sides "
        "(default: 0,6%%)")  # fmt: skip
    add("--slow-rows", default="", metavar="PART",
        help="delay only rows with this in their names (default: all)")  # fmt: skip
    add("--margin", type=flags.share, default=Rule().margin, metavar="3%",
        help="that of paired_run.py (default: 3%%)")  # fmt: skip
    add("--budget", type=float, default=float("inf"), metavar="SECONDS",
        help="the time for all rounds of one comparison")  # fmt: skip
    add("--order-seed", type=int, default=0, help="seed of the random order of the sides")
    add("--conditions", default="", metavar="TEXT",
        help="what else ran on the machine, for the record")  # fmt: skip
    add("-o", "--output", type=Path, required=True, metavar="FILE", help="write the counts as JSON")
    return parser


if __name__ == "__main__":
    termination.interrupts()
    sys.exit(main())
