#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures GPU baselines like those in reports/baselines/, whose README says what was changed.
#
#   tools/measure_gpu.sh OUTPUT_FOLDER STAGE...
#
#   gallery     all of the next nine: what the gallery, README and their baselines need. Each can also be
#               run by itself
#     grid      the study's grid of Inference to 1 %
#     memory    the largest batch of every network under 24 GB, as the study's GPU has
#     searches  every step and whole searches of five networks over 2,048 photographs, in three processes:
#               all decoders and modes, the fastest precision and execution, tails from each kind of cache
#     zoo       searches of 35 fine-tuned ResNet-152s over 4,096 photographs: all plans and budgets
#     zoo_peers the same for ResNet-18s, next to the plain procedure in Python
#     scores    every score of 9,469 x 2,048 features next to Python's; what each costs by size
#     compiled  Inference of ResNet-50 in bf16 next to PyTorch's eager network and its compiler's
#     extract   loading, and photographs to features, next to tuned pipelines in Python
#     loads     loading ResNet-18 and ViT-B/16 next to Python's ways
#   tests       the GPU tests
#   growth      the search of a zoo of ResNet-18s over 5 to 70 candidates and over 500 to 8,000 items
#   quality     how well every score orders trained zoos of three seeds, next to lists that never see the
#               data, and how the rankings of searches agree with fine-tuning
#   devices     a search of 35 fine-tuned ResNet-152s on one GPU and on all, in three processes
#   repeats     the grid a second time, and how far the medians agree; then twice in turns (--interleave)
#   spans       times of CUDA events next to those of the kernels that CUPTI saw
#   reads       LoadModel of three networks: reads, copies, warm and cold page cache
#   verdicts    how often paired_run.py errs: 12 rows of Inference, 4 of them with a real delay of 6 %;
#               about 150 s
#
# A stage that fails is named at the end, and the others run. Exit codes: 0 all ran, 1 one failed, 2 bad usage.
#
# MODEL_SEARCH_BINARY and MODEL_SEARCH_PYTHON override the program and the Python environment,
# MODEL_SEARCH_MEASURE_CACHE the folder of photographs and zoos (a zoo takes up to 43 GB; MODEL_SEARCH_KEEP_ZOOS=1
# keeps it). MODEL_SEARCH_REHEARSAL=1 runs the commands of all stages but `tests` in miniature, on a CPU where there is
# no GPU: their figures mean nothing. Each of these, in the comment of its stage, replaces what the stage measures:
# MODEL_SEARCH_ARCHITECTURES, _BATCH_SIZES, _BUDGETS, _CANDIDATES, _COUNTS, _DISTRIBUTIONS, _EXECUTIONS, _ITEMS,
# _PEERS, _PEER_CANDIDATES, _PLANS, _PRECISIONS, _PROBES, _ROUNDS, _SEEDS, _SIZES.
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=${1:?usage: tools/measure_gpu.sh OUTPUT_FOLDER STAGE...}
shift
gallery=(grid memory searches zoo zoo_peers scores compiled extract loads)
others=(tests growth quality devices repeats spans reads verdicts)
stages=()
for stage in "$@"; do
  case " gallery ${gallery[*]} ${others[*]} " in
    *" $stage "*) ;;
    *)
      echo "stage '$stage' is unknown; choices: gallery ${gallery[*]} ${others[*]}" >&2
      exit 2
      ;;
  esac
  if [ "$stage" = gallery ]; then stages+=("${gallery[@]}"); else stages+=("$stage"); fi
done
[ ${#stages[@]} -gt 0 ] || {
  echo "name a stage: gallery ${gallery[*]} ${others[*]}" >&2
  exit 2
}
binary=${MODEL_SEARCH_BINARY:-$root/build/release/model_search_bench}
python=${MODEL_SEARCH_PYTHON:-$("$root/tools/setup.sh" --print-python)}
cache=${MODEL_SEARCH_MEASURE_CACHE:-${TMPDIR:-/tmp}/model-search-bench-measure}
mkdir -p "$output" "$cache"

# What a rehearsal has in miniature.
device=cuda
decoders=turbojpeg,nvjpeg,hybrid
fastest=hybrid # Of the decoders.
caches=device,host,disk
small=2048
large=4096
batch=128
zoo_batch=512
few=()
networks=resnet18,resnet34,resnet50,resnet101,resnet152,mobilenet_v2,efficientnet_v2_s,efficientnet_v2_l
networks+=,vit_b_16,vit_b_32,vit_l_16,vit_l_32
searched=resnet18,resnet50,resnet152,efficientnet_v2_s,vit_b_16
cut=resnet50,vit_b_16 # Networks whose tails are searched.
workers=12            # Of zoo searches.
precision=bf16        # The fastest one.
candidates=${MODEL_SEARCH_CANDIDATES:-35}
processes=3
memory=24GB # As the study's GPU has.
scored=9469x2048
scored_slowly=2000x512
feature_sizes=500x512,500x2048,9469x512,9469x2048,9469x4096,50000x2048
counts='5 10 20 35 70' most=70 # Of candidates.
growing_items='512 1024 2048 4096 8192'
seeds='0 1 2' trained=10 training=()
spanned=resnet50,vit_b_16,efficientnet_v2_s
read=resnet18,resnet152,vit_l_32
compared=resnet18,resnet50,mobilenet_v2,vit_b_32 tails=last_50pct,last_25pct execution=cuda_graph budget=125
if [ -n "${MODEL_SEARCH_REHEARSAL:-}" ]; then
  small=24 large=32 batch=8 zoo_batch=8 workers=2 processes=2 memory=300MB
  candidates=${MODEL_SEARCH_CANDIDATES:-3}
  scored=200x16 scored_slowly=200x16 feature_sizes=500x16 counts='1 2' most=4 growing_items='16 32'
  seeds=0 trained=3 training=(--parents=2 --epochs=1 --source-images=10 --target-images=20 --fine-tunings=1)
  spanned=resnet18 read=resnet18 compared=resnet18 tails=last_50pct budget=30
  networks=resnet18,mobilenet_v2 searched=resnet18,mobilenet_v2 cut=mobilenet_v2
  few=(--batches=2 --warmup_batches=1 --warmup_seconds=0 --time_budget=1)
  if ! command -v nvidia-smi >/dev/null || ! nvidia-smi -L >/dev/null 2>&1; then
    device=cpu decoders=turbojpeg,stb fastest=stb caches=host,disk precision=torch execution=eager
  fi
fi

# Runs the program: measure NAME [FLAG...]. Rows that fail are in the file, and a stage goes on.
measure() {
  local code=0
  "$binary" --cache_dir="$cache" --devices="$device" --benchmark_out="$output/$1.json" "${few[@]}" "${@:2}" || code=$?
  [ "$code" -eq 1 ] || return "$code"
}

# Runs a tool of tools/peers that writes NAME.json, whose ratios may be below a minimum: peers TOOL NAME [FLAG...]
peers() {
  local code=0
  "$python" "$root/tools/peers/$1.py" -o "$output/$2.json" "${@:3}" || code=$?
  [ "$code" -eq 1 ] || return "$code"
}

# Draws photographs once: photographs COUNT
photographs() {
  [ -d "$cache/photographs-$1/train" ] ||
    "$python" "$root/tools/make_photographs.py" --train "$1" --val 20 -o "$cache/photographs-$1" >/dev/null
}

# Makes a zoo, whose file is $zoo: make_zoo ARCHITECTURE DISTRIBUTION COUNT
make_zoo() {
  zoo=$cache/zoos/$1-$2-$3/zoo.json
  "$python" "$root/tools/make_zoo.py" --binary "$binary" --cache-dir "$cache" --architecture "$1" \
    --distribution "$2" --candidates "$3" -o "${zoo%/*}" >"$output/zoo-$1-$2-$3.log"
}

# Removes the stage's zoo, which may be as large as the disk, also where the stage failed.
zoo=
drop_zoo() {
  [ -z "$zoo" ] || [ -n "${MODEL_SEARCH_KEEP_ZOOS:-}" ] || rm -rf "${zoo%/*}"
}

# Searches a zoo over COUNT photographs: search_zoo COUNT FILE NAME [FLAG...]
search_zoo() {
  measure "$3" --data_dir="$cache/photographs-$1" --steps=Search --candidates="$2" --decoders="$fastest" \
    --workers="$workers" --layouts=channels_last \
    --batch_sizes="${MODEL_SEARCH_BATCH_SIZES:-$zoo_batch}" "${@:4}"
}

# The study's grid: measure_grid NAME [FLAG...]
measure_grid() {
  measure "$1" --steps=Inference --architectures="${MODEL_SEARCH_ARCHITECTURES:-$networks}" \
    --configurations=full,last_50pct,last_1 --batch_sizes=$((batch / 4)),$batch,$((4 * batch)) \
    --precision_target=1% "${@:2}"
}

# Prints how far the medians of two files agree; goes on where too few do: agree NAME NAME
agree() {
  local code=0
  "$python" "$root/tools/medians_agree.py" "$output/$1.json" "$output/$2.json" || code=$?
  [ "$code" -eq 1 ] || return "$code"
}

# _ARCHITECTURES
stage_grid() { measure_grid grid; }

# _ARCHITECTURES
stage_memory() {
  measure memory --steps=MaxBatchSize --configurations=full --memory_limit="$memory" \
    --architectures="${MODEL_SEARCH_ARCHITECTURES:-$networks}"
}

# _ARCHITECTURES, _ITEMS
stage_searches() {
  local items=${MODEL_SEARCH_ITEMS:-$small} threads='(threads=[0-9]+/)?' rows
  photographs "$items"
  # The rows of the axes below that are worth their time. The page names changes one at a time, from serial
  # mode in PyTorch's default precision, and what they give together.
  rows=(
    '^(LoadModel|LoadData|DataToDevice|Score)/'
    "^Inference/[^/]+/[^/]+/$device/(execution=fused/)?(layout=channels_last/precision=bf16/)?${threads}batch"
    "^WriteActivations/(${cut//,/|})/[^/]+/$device/${threads}batch"
    "^Blocks/[^/]+/full/$device/decoder=turbojpeg/${threads}workers"
    "^EndToEnd/[^/]+/full/$device/decoder=[a-z]+/mode=[a-z]+/${threads}workers"
    "^EndToEnd/[^/]+/full/$device/decoder=turbojpeg/execution=fused/mode=serial/${threads}workers"
    "^EndToEnd/[^/]+/full/$device/decoder=turbojpeg/(execution=fused/)?layout=channels_last/mode=serial/precision"
    "^EndToEnd/[^/]+/full/$device/decoder=$fastest/(execution=fused/)?layout=channels_last/mode=overlapped/precision"
    "^EndToEnd/(${cut//,/|})/last_[^/]+/$device/cache=[a-z]+/decoder=turbojpeg/mode=serial/${threads}workers"
  )
  measure searches --data_dir="$cache/photographs-$items" --batch_sizes="$batch" \
    --steps=LoadModel,LoadData,DataToDevice,Inference,WriteActivations,Score,EndToEnd,Blocks \
    --architectures="${MODEL_SEARCH_ARCHITECTURES:-$searched}" --configurations=full,last_50pct,last_1 \
    --caches="$caches" --decoders="$decoders" --modes=serial,prefetch,overlapped \
    --precisions="$(list torch "$precision")" --executions=eager,fused --layouts=contiguous,channels_last \
    --classes=0 --time_budget=2 --processes="$processes" \
    --benchmark_filter="$(IFS='|' && echo "${rows[*]}")"
}

# Prints words with commas between them, without a second of any: list WORD...
list() { printf '%s\n' "$@" | awk '!seen[$0]++' | paste -sd,; }

# _ARCHITECTURES, _BATCH_SIZES, _CANDIDATES, _DISTRIBUTIONS, _PLANS
stage_zoo() {
  local name distribution
  photographs "$large"
  for name in $(tr , ' ' <<<"${MODEL_SEARCH_ARCHITECTURES:-resnet152}"); do
    for distribution in $(tr , ' ' <<<"${MODEL_SEARCH_DISTRIBUTIONS:-top_layers}"); do
      make_zoo "$name" "$distribution" "$candidates"
      search_zoo "$large" "$zoo" "zoo-$name-$distribution" --precisions="$precision" --budgets=all,halving \
        --plans="${MODEL_SEARCH_PLANS:-one_by_one,decode_once,shared}" --trace_dir="$output/traces"
      search_zoo "$large" "$zoo" "zoo-$name-$distribution-torch"
      drop_zoo
    done
  done
}

# _ARCHITECTURES, _BUDGETS, _CANDIDATES, _EXECUTIONS, _PEER_CANDIDATES, _PLANS, _PRECISIONS, _PROBES, _ROUNDS
stage_zoo_peers() {
  local name
  photographs "$large"
  for name in $(tr , ' ' <<<"${MODEL_SEARCH_ARCHITECTURES:-resnet18}"); do
    make_zoo "$name" top_layers "$candidates"
    peers zoo_search "zoo-$name-next-to-python" --binary "$binary" --candidates "$zoo" \
      --data-dir "$cache/photographs-$large" --device "$device" --cache-dir "$cache" --batch "$batch" \
      --workers "$workers" --peer-candidates "${MODEL_SEARCH_PEER_CANDIDATES:-2}" \
      --rounds "${MODEL_SEARCH_ROUNDS:-1}" --precisions "${MODEL_SEARCH_PRECISIONS:-$(list torch "$precision")}" \
      --plans "${MODEL_SEARCH_PLANS:-one_by_one,decode_once,shared}" --budgets "${MODEL_SEARCH_BUDGETS:-all,halving}" \
      --executions "${MODEL_SEARCH_EXECUTIONS:-eager,fused}" --probes "${MODEL_SEARCH_PROBES:-linear,minibatch}" \
      --ours=--decoders="$fastest" --ours=--layouts=channels_last \
      --markdown "$output/zoo-$name-next-to-python.md"
    drop_zoo
  done
}

# _PROBES, _ROUNDS, _SIZES
stage_scores() {
  local probes=${MODEL_SEARCH_PROBES:-} sizes=${MODEL_SEARCH_SIZES:-}
  [ -n "$probes" ] || probes=$("$binary" --schema | "$python" -c 'import json, sys
print(*next(a["values"] for a in json.load(sys.stdin)["axes"] if a["key"] == "probe"), sep=",")')
  # Python takes more than 90 s for each of these two, of 9,469 items.
  peers scores scores-next-to-python --binary "$(dirname "$binary")/score_features" --device "$device" --classes 10 \
    --sizes "${sizes:-$scored}" --probes "${MODEL_SEARCH_PROBES:-$(grep -vxE 'logme|parc' <<<"${probes//,/$'\n'}" | paste -sd,)}" \
    --rounds "${MODEL_SEARCH_ROUNDS:-1}" --markdown "$output/scores-next-to-python.md"
  [ -n "$sizes" ] || peers scores scores-of-2000-next-to-python --binary "$(dirname "$binary")/score_features" \
    --device "$device" --classes 10 --sizes "$scored_slowly" --probes logme,parc --rounds 1
  measure scores --steps=Score --architectures=resnet18 --probes="$probes" --classes=10,1000 --time_budget=2 \
    --feature_sizes="${sizes:-$feature_sizes}" \
    --benchmark_filter='-classes=1000/features=500x'
}

# _ARCHITECTURES, _BATCH_SIZES, _EXECUTIONS, _PEERS, _PRECISIONS, _ROUNDS
stage_compiled() {
  local chosen name
  photographs "$small"
  # One by one, since all peers of a run are compiled before its first round. A peer that cannot be
  # compiled or captured is a row with its error.
  IFS=, read -ra chosen <<<"${MODEL_SEARCH_ARCHITECTURES:-resnet50}"
  for name in "${chosen[@]}"; do
    peers compiled_ratio "next-to-compiled-$name" --binary "$binary" --device "$device" --cache-dir "$cache" \
      --data-dir "$cache/photographs-$small" --jobs 8 --batches 40 --warmup-seconds 0.5 --architectures "$name" \
      --precisions "${MODEL_SEARCH_PRECISIONS:-$precision}" --executions "${MODEL_SEARCH_EXECUTIONS:-graphs}" \
      --peers "${MODEL_SEARCH_PEERS:-eager_graph,frozen_graph}" \
      --batch-sizes "${MODEL_SEARCH_BATCH_SIZES:-$batch}" --rounds "${MODEL_SEARCH_ROUNDS:-2}"
  done
}

# _ARCHITECTURES, _ROUNDS
stage_extract() {
  local rounds=${MODEL_SEARCH_ROUNDS:-1} spare peers_of_loader=dataloader,tuned_dataloader,torchvision_gpu
  photographs "$large"
  ! "$python" -c 'import nvidia.dali' 2>/dev/null || peers_of_loader+=,dali_mixed
  spare=$(($(nproc) > 3 ? $(nproc) - 2 : 1)) # As decoder=hybrid has by default.
  peers loader_ratio loader-next-to-tuned --binary "$binary" --data-dir "$cache/photographs-$large" \
    --workers "$(nproc)" --batches 40 --warmup-batches 8 --rounds "$rounds" --device "$device" \
    --peers "$peers_of_loader" --ours=--decoders="$decoders" --ours=--inputs=uint8 \
    --ours=--workers="$spare,$(nproc)"
  peers end_to_end_table extract-next-to-python --binary "$binary" --device "$device" --cache-dir "$cache" \
    --data-dir "$cache/photographs-$large" --workers "$(nproc)" --rounds "$rounds" \
    --architectures "${MODEL_SEARCH_ARCHITECTURES:-resnet18,resnet50}" --ours=--decoders="$fastest" \
    --ours=--workers="$spare" --ours=--inputs=uint8 --ours=--modes=overlapped --ours=--precisions="$precision" \
    --ours=--layouts=channels_last --ours=--executions=fused --markdown "$output/extract.md"
}

# _ARCHITECTURES
stage_loads() {
  peers load_ratio load-next-to-python --binary "$binary" --device "$device" --weights-dir "$cache/peer_weights" \
    --architectures "${MODEL_SEARCH_ARCHITECTURES:-resnet18,vit_b_16}" --page-caches warm --loads 12
}

stage_tests() {
  local program tests
  for program in "$(dirname "$binary")"/*_gpu_test "$(dirname "$binary")/gpu_images_test"; do
    "$program"
  done
  # One process each, because two folders have a module conftest.
  for tests in benchmarks/gpu tools/peers/test_peers_on_gpu.py tools/zoo/test_trained_zoo_on_gpu.py; do
    MODEL_SEARCH_BINARY=$binary "$python" -m pytest -q -rs -p no:cacheprovider "$root/tests/$tests"
  done
}

# _COUNTS of candidates, _ITEMS
stage_growth() {
  local count items
  photographs $((2 * large))
  make_zoo resnet18 top_layers "$most"
  for count in ${MODEL_SEARCH_COUNTS:-$counts}; do
    search_first "$count" "$large" "growth-$count-candidates"
  done
  for items in ${MODEL_SEARCH_ITEMS:-$growing_items}; do
    search_first $((most / 2)) "$items" "growth-$items-items"
  done
  drop_zoo
}

# Searches the first of $zoo: search_first COUNT ITEMS NAME
search_first() {
  "$python" -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1]))[:int(sys.argv[2])]))' \
    "$zoo" "$1" >"${zoo%/*}/first-$1.json"
  search_zoo $((2 * large)) "${zoo%/*}/first-$1.json" "$3" --precisions="$precision" --items="$2"
}

# _ARCHITECTURES, _CANDIDATES, _SEEDS
stage_quality() {
  local zoos=() seed name folder
  for seed in ${MODEL_SEARCH_SEEDS:-$seeds}; do
    for name in $(tr , ' ' <<<"${MODEL_SEARCH_ARCHITECTURES:-resnet18}"); do
      folder=$cache/zoos/trained-$name-$seed
      "$python" "$root/tools/make_zoo.py" --binary "$binary" --cache-dir "$cache" --trained --architecture "$name" \
        --seed "$seed" --candidates "${MODEL_SEARCH_CANDIDATES:-$trained}" --device "$device" "${training[@]}" \
        -o "$folder"
      # All items come last: halving writes fewer features of the candidates that it drops.
      measure "trained-$name-$seed" --data_dir="$folder/data" --steps=Search --candidates="$folder/zoo.json" \
        --budgets=halving,all --decoders="$fastest" --features_dir="$folder/features"
      "$python" "$root/tools/zoo_truth.py" "$output/trained-$name-$seed.json" --truth="$folder/truth.json" |
        tee "$output/trained-$name-$seed.txt"
      zoos+=("$folder")
    done
  done
  "$python" "$root/tools/score_quality.py" "${zoos[@]}" --device "$device" \
    --binary "$(dirname "$binary")/score_features" -o "$output/score-quality"
}

# _ARCHITECTURES, _CANDIDATES
stage_devices() {
  local name=${MODEL_SEARCH_ARCHITECTURES:-resnet152}
  photographs "$large"
  make_zoo "$name" top_layers "$candidates"
  if [ "$device" = cuda ]; then device=cuda,cuda:all; else device=cpu,cpu:2; fi
  search_zoo "$large" "$zoo" "devices-$name" --precisions="$precision" --processes="$processes"
  drop_zoo
}

stage_repeats() {
  [ -s "$output/grid.json" ] || measure_grid grid
  measure_grid grid-again
  agree grid grid-again
  measure_grid grid-turns --interleave
  measure_grid grid-turns-again --interleave
  agree grid-turns grid-turns-again
}

stage_spans() {
  measure kernel-span --steps=Inference --configurations=full --architectures="$spanned" \
    --batch_sizes="$batch" --kernel_span
}

stage_reads() {
  measure load-model --steps=LoadModel --configurations=full --architectures="$read" \
    --reads=buffered,mmap,direct --weight_transfers=pageable,pinned --page_caches=warm,cold --time_budget=2
}

stage_verdicts() {
  local rows=(--cache_dir="$cache" --devices="$device" --steps=Inference --executions="$execution"
    --architectures="$compared" --batch_sizes=$((batch / 4)) --configurations="full,$tails" --batches=30
    --warmup_seconds=0 --time_budget=2 "${few[@]}") # Short warm-ups, since twelve rounds need 24 processes.
  "$binary" "${rows[@]}" >/dev/null # Makes the weights.
  "$python" "$root/tools/calibrate_comparison.py" "$binary" "${rows[@]}" --pairs=1 --delays=6% \
    --slow-rows=last_50pct --budget="$budget" -o "$output/comparison-calibration-gpu.json"
}

failed=()
for stage in "${stages[@]}"; do
  start=$(date +%s)
  echo "== $stage"
  # In a shell of its own, so that its first failure ends it alone. (In a list with || nothing would.)
  set +e
  (
    set -e
    trap drop_zoo EXIT
    "stage_$stage"
  )
  code=$?
  set -e
  [ "$code" -eq 0 ] || failed+=("$stage")
  echo "== $stage: exit code $code after $(($(date +%s) - start)) s"
done
[ ${#failed[@]} -eq 0 ] || {
  echo "measure_gpu.sh: these stages failed: ${failed[*]}" >&2
  exit 1
}
