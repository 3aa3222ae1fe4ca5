#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets everything up, runs the main job (load data, run every candidate, score it) on the embedded
# default data set, and writes a report. Takes the program's own flags, for instance
#
#   tools/demo.sh --data_dir=MY_PHOTOS
#
# A flag given here wins over the demo's.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/tools/setup.sh"
python=$("$root/tools/setup.sh" --print-python)
binary=$root/build/release/model_search_bench

for argument in "$@"; do
  [ "$argument" = --help ] && exec "$binary" --help
done

# Small enough for two cores: two networks, whole and as a tail, and each step apart for a few
# batches. A GPU, where there is one, is measured beside the CPU.
main_job=(
  --architectures=resnet18,resnet50
  --configurations=full,last_3
  --batch_sizes=8
  --modes=serial
  --items=250
  --batches=12
  --warmup_batches=2
  --time_budget=8
)

results=$root/results/demo-$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$results"
echo "== measuring (about 4 minutes on 2 cores); results in $results" >&2
code=0
"$binary" "${main_job[@]}" --benchmark_out="$results/results.json" \
  --benchmark_out_format=json "$@" || code=$?
# 1: some rows failed and say why; the others are worth a report.
[ $code -le 1 ] || exit $code
"$python" "$root/tools/report.py" "$results/results.json" -o "$results/report"
echo
echo "The report: $results/report/report.md"
exit $code
