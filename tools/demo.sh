#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets everything up, runs the main job (load data, run every candidate, score it) on the embedded
# default data set, and writes a report. Takes the program's own flags, for instance
#
#   tools/demo.sh --data_dir=MY_PHOTOS
#
# Over your own photographs it measures more settings, so that the report can say what to change. A
# flag given on the command line wins over the demo's.
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

photographs=
for argument in "$@"; do
  case $argument in --data_dir=*) photographs=${argument#*=} ;; esac
done
if [ -n "$photographs" ] && [ ! -d "$photographs/train" ] && [ ! -d "$photographs/val" ]; then
  echo "demo.sh: --data_dir=$photographs has neither train/ nor val/; it must contain" \
    "train/<class>/*.jpg, a folder for each class" >&2
  exit 2
fi

"$root/tools/setup.sh"
python=$("$root/tools/setup.sh" --print-python)
binary=$root/build/release/model_search_bench

# Small enough for two cores: two networks, whole and as a tail, and each step separately for
# a few batches. A GPU, where there is one, is measured too.
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

minutes=4
if [ -n "$photographs" ]; then
  minutes=6
  main_job+=("--modes=serial,prefetch,overlapped")
  if command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1; then
    # Enough items that fixed costs are small, and the settings that may be changed on a GPU.
    main_job+=(--devices=cuda --batch_sizes=128 --items=4096 "--inputs=float32,uint8")
    if "$binary" --help | grep -q nvjpeg; then main_job+=("--decoders=turbojpeg,nvjpeg"); fi
  fi
fi

results=$root/results/demo-$(date -u +%Y%m%dT%H%M%SZ)
json=$results/results.json
for argument in "$@"; do
  case $argument in
    --help | --benchmark_list_tests | --benchmark_list_tests=true)
      exec "$binary" "${main_job[@]}" "$@" # The program measures nothing, so no report is written.
      ;;
    --benchmark_out=*) json=${argument#*=} ;;
  esac
done

mkdir -p "$results"
echo "== measuring (about $minutes minutes on 2 cores); results in $results" >&2
code=0
"$binary" "${main_job[@]}" --benchmark_out="$json" --benchmark_out_format=json "$@" || code=$?
# Exit code 1: some rows failed and say why; the others are worth a report.
[ $code -le 1 ] && [ -s "$json" ] || exit $code
"$python" "$root/tools/report.py" "$json" -o "$results/report"
echo
echo "The report: $results/report/index.html"
exit $code
