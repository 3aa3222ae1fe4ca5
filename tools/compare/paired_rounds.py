# SPDX-License-Identifier: Apache-2.0
"""Rounds of two programs: each round runs a fresh process of both, in random order."""

import random
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import scheduler
from results.benchmark_name import spellings
from results.processes import Process, read_process
from results.reader import ResultError

from compare.decision import Rule, Verdict
from compare.table import Line, compare

# Rounds after which rows are judged, and the share of the rule's alphas that each look spends: all
# looks together stay within them. Fewer than 12 rounds rarely give an interval at these alphas.
LOOKS = ((12, 0.3), (20, 0.7))


@dataclass(frozen=True)
class Plan:
    base: Path
    new: Path
    flags: tuple[str, ...]  # of both programs
    folder: Path  # results go to folder/base and folder/new, a file per round
    seed: int = 0
    time_budget: float = float("inf")  # seconds
    new_environment: Mapping[str, str] = field(default_factory=dict)  # of `new` alone


@dataclass
class PairedRounds:
    """What was measured and decided; `ended` says why no more rounds follow."""

    base: list[Process] = field(default_factory=list)
    new: list[Process] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ended: str = ""
    interrupted: bool = False


def run(
    plan: Plan, rule: Rule, progress: Callable[[str], None] = lambda text: None,
    after_first: Callable[["PairedRounds"], None] = lambda rounds: None,
    undecided_by_gate: Callable[[Line], bool] = lambda line: False,
) -> PairedRounds:  # fmt: skip
    """Runs rounds until every row is decided, all looks are done, or the time is up. A row that is
    decided at a look keeps that decision and is not run again. Raises ResultError when a program
    cannot be started, or writes no results in the first round. `after_first` gets the first round
    and may raise to end the run; a row of which `undecided_by_gate` is true runs again at the next
    look. After an interruption the complete rounds are judged."""
    order = random.Random(plan.seed)
    rounds = PairedRounds()
    start = time.monotonic()
    decided: dict[str, Line] = {}
    undecided: list[str] | None = None  # None: the user's own filter
    for last, share in LOOKS:
        while len(rounds.base) < last:
            spent = time.monotonic() - start
            index = len(rounds.base)
            # Start no round that would exceed the budget, except the first.
            if index and spent * (index + 1) / index > plan.time_budget:
                rounds.ended = f"the time is up after {index} rounds"
                rounds.lines = _merge(decided, _look(rounds, undecided, rule.spending(share)))
                return rounds
            progress(f"Round {index + 1}")
            sides = [("base", plan.base), ("new", plan.new)]
            order.shuffle(sides)
            try:
                both = {
                    side: _process(plan, side, binary, index, undecided) for side, binary in sides
                }
            except KeyboardInterrupt:
                rounds.ended = f"interrupted after {index} rounds"
                rounds.interrupted = True
                rounds.lines = _merge(decided, _look(rounds, undecided, rule.spending(share)))
                return rounds
            rounds.base.append(both["base"])
            rounds.new.append(both["new"])
            if index == 0:
                after_first(rounds)
        lines = _look(rounds, undecided, rule.spending(share))
        final = last == LOOKS[-1][0]
        for line in lines:
            unsure = line.decision.verdict == Verdict.UNSURE or undecided_by_gate(line)
            if final or not unsure:
                decided[line.name] = line
        undecided = [line.name for line in lines if line.name not in decided]
        rounds.lines = _merge(decided, lines)
        if not undecided:
            rounds.ended = f"{last} rounds: " + (
                "all looks are done" if final else "every row is decided"
            )
            return rounds
    return rounds


def _look(rounds: PairedRounds, names: list[str] | None, rule: Rule) -> list[Line]:
    lines = compare(rounds.base, rounds.new, True, rule)
    return lines if names is None else [line for line in lines if line.name in names]


def _merge(decided: dict[str, Line], lines: Sequence[Line]) -> list[Line]:
    return [*decided.values(), *(line for line in lines if line.name not in decided)]


def exact_filter(names: Sequence[str]) -> str:
    """A --benchmark_filter (an extended regular expression) that matches only these rows, also
    those of an older program that writes their names otherwise."""
    spelled = [spelling for name in names for spelling in spellings(name)]
    escaped = [re.sub(r"([][.*+?^${}()|\\])", r"\\\1", name) for name in spelled]
    return "^(" + "|".join(escaped) + ")$"


def _process(plan: Plan, side: str, binary: Path, index: int, names: list[str] | None) -> Process:
    folder = plan.folder / side
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"round-{index + 1:03}.json"
    out.unlink(missing_ok=True)
    flags = list(plan.flags)
    if names is not None:
        flags = [flag for flag in flags if not flag.startswith("--benchmark_filter")]
        flags.append("--benchmark_filter=" + exact_filter(names))
    command = [str(binary), *flags, f"--benchmark_out={out}", "--benchmark_out_format=json"]
    environment = {**scheduler.outside(), **(plan.new_environment if side == "new" else {})}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment
        )
    except OSError as error:
        raise ResultError(f"{binary}: {error.strerror}") from None
    said = (done.stderr.strip().splitlines() or ["it printed no message"])[-1]
    try:
        process = read_process(out)
    except ResultError as error:
        if index == 0:
            raise ResultError(
                f"{side}: {binary} wrote no results (exit code {done.returncode}): {said}"
            ) from error
        process = Process({})
    if done.returncode < 0 or (index and not process.rows and not process.failures):
        # The rows that a process did not finish before it died have failed.
        for name in names or _known(plan, side):
            if name not in process.rows:
                process.failures[name] = f"the process ended with code {done.returncode}: {said}"
    return process


def _known(plan: Plan, side: str) -> list[str]:
    """The rows of the first round."""
    first = read_process(plan.folder / side / "round-001.json")
    return [*first.rows, *first.failures]
