#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A first measurement: builds the program, searches a small zoo and writes a report.
#
#   tools/demo.sh [FLAG...]
#
# Without flags it trains a zoo of six ResNet-18s that share their trunks, once (about 2 minutes on 2
# cores), and searches it over 120 generated photographs with every plan, whole and as tails. The report says what takes the time and what
# to change. Flags are the program's (build/release/model_search_bench --help) and win over the demo's:
#
#   tools/demo.sh --candidates=zoo.json                  your checkpoints
#   tools/demo.sh --data_dir=MY_PHOTOS                   your photographs, MY_PHOTOS/<class>/*.jpg
#   tools/demo.sh --architectures=resnet50,vit_b_16      networks with random weights
#
# MODEL_SEARCH_CACHE has the folder of the environment and the zoo (default: ~/.cache/model-search-bench).
# To rank your checkpoints without measuring anything else: tools/search.py MY_PHOTOS --zoo=zoo.json
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '== %s\n' "$*" >&2; }

photographs=
named_candidates=
lists_only=
output=
for argument in "$@"; do
  case $argument in
    --help | -h)
      sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --data_dir=*) photographs=${argument#*=} ;;
    --candidates=* | --architectures=* | --weights_dir=*) named_candidates=1 ;;
    --benchmark_list_tests | --benchmark_list_tests=true) lists_only=1 ;;
    --benchmark_out=*) output=${argument#*=} ;;
  esac
done
results=$root/results/demo-$(date -u +%Y%m%dT%H%M%SZ)
layout=()
if [ -n "$photographs" ] && [ ! -d "$photographs/train" ] && [ ! -d "$photographs/val" ]; then
  if ! compgen -G "$photographs/*/" >/dev/null; then
    echo "demo.sh: --data_dir=$photographs must contain <class>/*.jpg or train/<class>/*.jpg, a folder for" \
      "each class" >&2
    exit 2
  fi
  # The program reads train/<class>/.
  photographs=$(CDPATH='' cd "$photographs" && pwd)
  layout=(--data_dir="$results/${photographs##*/}")
fi

say "1 of 4: set-up and build (the first time 6 to 8 minutes on 2 cores, later seconds)"
"$root/tools/setup.sh"
python=$("$root/tools/setup.sh" --print-python)
binary=$root/build/release/model_search_bench

# Small enough for two cores; a GPU, where there is one, is measured too. Each step is also measured
# separately, for a few batches.
main_job=("--configurations=full,last_3" --modes=serial --items=120 --batch_sizes=8 --batches=8 --warmup_batches=2
  --time_budget=8 --classes=0 "--plans=one_by_one,decode_once,shared"
  "--steps=LoadModel,LoadData,DataToDevice,Inference,WriteActivations,Score,EndToEnd,Search")
minutes=4
if [ -z "$named_candidates" ]; then
  zoo=${MODEL_SEARCH_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/model-search-bench}/demo-zoo-1
  say "2 of 4: a zoo of six trained ResNet-18s in $zoo (once, about 2 minutes on 2 cores)"
  [ -s "$zoo/zoo.json" ] ||
    "$python" "$root/tools/make_zoo.py" --trained --architecture=resnet18 --device=cpu --candidates=6 --parents=2 \
      --epochs=2 --source-images=120 --target-images=20 --fine-tunings=0 --output="$zoo" >&2
  main_job+=("--candidates=$zoo/zoo.json")
  # The candidates are of one shape, so the steps of one of them are those of all.
  main_job+=("--benchmark_filter=^(Search|LoadData|DataToDevice)/|/resnet18-epochs2/")
else
  say "2 of 4: no zoo is made, because the flags name the candidates"
  minutes=5
fi
if [ -n "$photographs" ]; then
  minutes=6
  main_job+=(--items=250 "--modes=serial,prefetch,overlapped")
  if ! grep -qs '^MODEL_SEARCH_CUDA:BOOL=OFF' "$root/build/release/CMakeCache.txt" &&
    command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1; then
    # Enough items that fixed costs are small, and the settings that may be changed on a GPU.
    main_job+=(--devices=cuda --batch_sizes=128 --items=4096 "--inputs=float32,uint8" "--precisions=torch,bf16")
    if "$binary" --help-all | grep -q nvjpeg; then main_job+=("--decoders=turbojpeg,nvjpeg"); fi
  fi
fi
# The program measures nothing, so no report is written.
[ -z "$lists_only" ] || exec "$binary" "${main_job[@]}" "$@"

json=${output:-$results/results.json}
mkdir -p "$results"
if [ ${#layout[@]} -gt 0 ]; then
  mkdir -p "${layout[0]#*=}"
  ln -sfn "$photographs" "${layout[0]#*=}/train"
fi
say "3 of 4: measuring until about $(date -d "+$minutes minutes" +%H:%M); results in $results"
code=0
"$binary" "${main_job[@]}" --trace_dir="$results/traces" --benchmark_out="$json" \
  --benchmark_out_format=json "$@" "${layout[@]}" || code=$?
# Exit code 1: some rows failed and say why; the others are worth a report.
[ $code -le 1 ] && [ -s "$json" ] || exit $code
say "4 of 4: the report (about half a minute)"
# The report's commands name the folder.
folder=()
[ -z "$photographs" ] || folder=(--data-dir="$photographs")
[ ${#layout[@]} -eq 0 ] || folder=(--data-dir="${layout[0]#*=}")
"$python" "$root/tools/report.py" "$json" -o "$results/report" "${folder[@]}"
echo
echo "The report: $results/report/index.html"
exit $code
