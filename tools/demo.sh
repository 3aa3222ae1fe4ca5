#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets everything up, runs the main job (load data, run every candidate, score it) on the embedded
# default data set, and writes a report. Takes the program's own flags, for instance
#
#   tools/demo.sh --data_dir=MY_PHOTOS
#
# A flag given here wins over the demo's.
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/tools/setup.sh"
python=$("$root/tools/setup.sh" --print-python)
binary=$root/build/release/model_search_bench

# Small enough for two cores: two networks, whole and as a tail, and each step apart for a few
# batches. A GPU, where there is one, is measured beside the CPU.
main_job=(
  "--architectures=resnet18,resnet50"
  "--configurations=full,last_3"
  --batch_sizes=8
  --modes=serial
  --items=250
  --batches=12
  --warmup_batches=2
  --time_budget=8
)

results=$root/results/demo-$(date -u +%Y%m%dT%H%M%SZ)
json=$results/results.json
for argument in "$@"; do
  case $argument in
    --help | --benchmark_list_tests | --benchmark_list_tests=true)
      exec "$binary" "${main_job[@]}" "$@" # Nothing is measured: no report.
      ;;
    --benchmark_out=*) json=${argument#*=} ;;
  esac
done

mkdir -p "$results"
echo "== measuring (about 4 minutes on 2 cores); results in $results" >&2
code=0
"$binary" "${main_job[@]}" --benchmark_out="$json" --benchmark_out_format=json "$@" || code=$?
# 1: some rows failed and say why; the others are worth a report.
[ $code -le 1 ] && [ -s "$json" ] || exit $code
"$python" "$root/tools/report.py" "$json" -o "$results/report"
echo
echo "The report: $results/report/index.html"
exit $code
