#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure rows as an array of Slurm, wait for it, merge the shards and write the report.

  tools/slurm/submit.py --shards=8 -o RUN --sbatch="--time=2:00:00 --gres=gpu:1" -- \\
      build/release/model_search_bench --benchmark_filter='^Inference/' --devices=cuda

What follows -- is the program with its flags, without --benchmark_out and --shard. RUN/ gets
RESULTS.shard-i-of-n.json, RESULTS.json, task-i.log and report/; it must be on a file system that
all nodes see. The same command again measures what is missing there. Tasks whose rows are missing
or failed at the end are started again, --tries times in all.

Exit codes: 0 every row is there, 1 rows are missing or failed, 2 bad input, 3 the shards do not
belong to one run, 130 interrupted (the array goes on).
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

from compare.flags import positive  # noqa: E402
from merge.command import OtherRun, join, report  # noqa: E402
from merge.merging import Merged  # noqa: E402
from results.reader import ResultError  # noqa: E402


class Refused(Exception):
    """Slurm, or the program, does not take what it got."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except (Refused, OtherRun, ResultError) as error:
        print(f"submit.py: {error}", file=sys.stderr)
        return 3 if isinstance(error, OtherRun) else 2
    except OSError as error:
        print(f"submit.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nsubmit.py: the array goes on (squeue shows it, scancel ends it); the same command "
              "measures what is then missing", file=sys.stderr)  # fmt: skip
        return 130


def _run(options: argparse.Namespace) -> int:
    if shutil.which("sbatch") is None:
        raise Refused("sbatch is not installed here")
    if not options.command:
        raise Refused("give the program and its flags after --")
    if reserved := [word for word in options.command if word.startswith(_RESERVED)]:
        raise Refused(f"{reserved[0]}: leave it out; {', '.join(_RESERVED)} are set here")
    options.output.mkdir(parents=True, exist_ok=True)
    options.command = _with_own_expected(options)
    shards = min(options.shards, _rows(options.command) or options.shards)
    tasks = list(range(shards))
    merged: Merged | None = None
    for attempt in range(options.tries):
        again = ["--retry_failed"] if attempt > 0 else []
        job = _submit(options, tasks, shards, again)
        print(f"Array {job}: {len(tasks)} of {shards} shards", flush=True)
        _watch(job, options.poll)
        # One shard is the whole grid, whose file has no shard in its name.
        files = [options.output] if shards > 1 else [_results(options)]
        merged = join(files, _results(options))
        report(merged, _results(options))
        tasks = merged.shards_again
        if not tasks:
            break
    _report(options)
    return 1 if merged is None or merged.again else 0


_RESERVED = ("--benchmark_out=", "--shard=", "--resume", "--retry_failed")


def _with_own_expected(options: argparse.Namespace) -> list[str]:
    """The command with a copy of the results that --expected names: all tasks must deal the same
    rows out, also those of a later try, when the file may have other results."""
    copy = options.output / "expected"  # Without .json: these are not results of this run.
    words = []
    for word in options.command:
        flag, _, path = word.partition("=")
        if flag == "--expected":
            if not copy.exists():
                shutil.copyfile(path, copy)
            word = f"{flag}={copy.resolve()}"
        words.append(word)
    return words


def _rows(command: list[str]) -> int:
    """How many rows the command has, so that no task is without any; 0 where that is not known
    here, as on a node without the GPU that the rows need."""
    listed = subprocess.run(
        [*command, "--shard=none", "--benchmark_list_tests"], capture_output=True, text=True
    )
    if listed.returncode == 0:
        return len(listed.stdout.splitlines())
    print(f"The rows cannot be listed on this node: {listed.stderr.strip()}", file=sys.stderr)
    return 0


def _submit(options: argparse.Namespace, tasks: list[int], shards: int, flags: list[str]) -> str:
    numbers = ",".join(str(task) for task in tasks)
    most = f"%{options.at_once}" if options.at_once else ""
    done = subprocess.run(
        ["sbatch", "--parsable", f"--array={numbers}{most}",
         f"--output={options.output.resolve() / 'task-%a.log'}", *shlex.split(options.sbatch),
         str(TOOLS / "slurm/array.sh"), *options.command, *flags,
         f"--benchmark_out={_results(options).resolve()}"],
        env=os.environ | {"SHARDS": str(shards)}, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        raise Refused(done.stderr.strip() or f"sbatch ended with {done.returncode}")
    return done.stdout.strip().split(";")[0]


def _watch(job: str, poll: float) -> None:
    """Returns when no task of the array waits or runs. A controller that does not answer is asked
    again."""
    shown = ""
    while True:
        done = subprocess.run(
            ["squeue", "-h", "-r", "-j", job, "-o", "%T"], capture_output=True, text=True
        )
        states = Counter(done.stdout.split())
        # Slurm forgets an array some minutes after its end.
        if not states and (done.returncode == 0 or "Invalid job id" in done.stderr):
            return
        text = ", ".join(f"{count} {state.lower()}" for state, count in sorted(states.items()))
        if text and text != shown:
            print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)
            shown = text
        time.sleep(poll)


def _report(options: argparse.Namespace) -> None:
    if options.no_report:
        return
    out = options.output / "report"
    done = subprocess.run([str(TOOLS / "report.py"), str(_results(options)), "-o", str(out)])
    if done.returncode == 0:
        print(f"{out / 'index.html'}")


def _results(options: argparse.Namespace) -> Path:
    return options.output / "RESULTS.json"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="submit.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--shards", type=positive, required=True, metavar="N",
        help="tasks of the array; fewer where there are fewer rows")  # fmt: skip
    add("-o", "--output", type=Path, required=True, metavar="RUN", help="the folder of the run")
    add("--sbatch", default="", metavar="FLAGS",
        help="flags for sbatch, such as --partition, --time and --gres")  # fmt: skip
    add("--at-once", type=positive, metavar="N", help="most tasks that run at the same time")
    add("--tries", type=positive, default=2, metavar="N",
        help="how often tasks with missing or failed rows are started (default: 2)")  # fmt: skip
    add("--poll", type=float, default=5, metavar="SECONDS", help="between two looks at the queue")
    add("--no-report", action="store_true", help="merge only")
    add("command", nargs="*", metavar="-- PROGRAM FLAGS")
    return parser


if __name__ == "__main__":
    sys.exit(main())
