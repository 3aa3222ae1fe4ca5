#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One task of a Slurm array: measures its shard, and goes on where it was after it was requeued.
#   sbatch --array=0-3 tools/slurm/array.sh model_search_bench --benchmark_out=RESULTS.json FLAGS...
# SHARDS=n says of how many shards the task's number is one, where the array is not all of them.
# Before its time ends, or where another job takes its node, Slurm sends SIGTERM; the program then
# ends with exit code 4 and the task asks to be queued again, MAX_RESTARTS (20) times at most.
#SBATCH --job-name=model-search
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
set -uo pipefail

task=${SLURM_ARRAY_JOB_ID:?this script runs as a task of sbatch --array}_${SLURM_ARRAY_TASK_ID}
shard=()
if [ -n "${SHARDS:-}" ]; then
  shard=("--shard=$SLURM_ARRAY_TASK_ID/$SHARDS")
fi

"$@" "${shard[@]}" --resume &
program=$!
trap 'kill -TERM "$program"' TERM
# A signal ends a wait, not the program.
while true; do
  wait "$program"
  code=$?
  kill -0 "$program" 2>/dev/null || break
done

# A task that was canceled is completing by now and stays so; one that is preempted is requeued by
# Slurm itself.
state=$(squeue -h -j "$task" -o %T)
if [ "$code" -eq 4 ] && [ "$state" = RUNNING ]; then
  if [ "${SLURM_RESTART_COUNT:-0}" -ge "${MAX_RESTARTS:-20}" ]; then
    echo "Task $task was restarted $SLURM_RESTART_COUNT times; give it more time (--time)." >&2
    exit 4
  fi
  echo "Task $task is queued again." >&2
  scontrol requeue "$task"
fi
exit "$code"
