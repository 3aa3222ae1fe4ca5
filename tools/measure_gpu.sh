#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures GPU baselines like those in reports/baselines/, whose README lists the differences.
#
#   tools/measure_gpu.sh OUTPUT_FOLDER [STAGE...]    stages (default: all):
#     tests     the GPU tests
#     networks  Inference of every architecture and configuration at batch 128
#     peers     Inference of the full networks at batch 128 next to Python's eager ones
#     compiled  Inference of eight networks in bf16 at batch 128 and 32, as CUDA graphs, next to PyTorch's
#               compiler (torch.compile, freezing, CUDA graphs), a file for each network. Batch 128 next
#               to two of the peers takes 40 to 120 s a network on 16 cores
#     extract   loaders and whole extractions of three networks over 4,096 real photographs next to
#               tuned pipelines in Python, and a table of them in Markdown (extract.md)
#     searches  all steps for four networks over 2,048 real photographs, in three processes: tails from
#               each kind of cache next to the full networks, all modes, two decoders
#     zoo       searches of zoos of 35 fine-tuned children over 4,096 real photographs: four networks,
#               three distributions of changed blocks, all plans and budgets (a zoo takes up to 43 GB)
#     zoo_peers the same searches next to the plain procedure in Python, which searches a few candidates
#     growth    the search of a zoo of ResNet-18s over 5 to 70 candidates and over 500 to 8,000 items
#     truth     the search of a zoo of trained networks, and how its ranking agrees with fine-tuning
#     scores    every score of 9,469 x 2,048 features next to plain Python's, and Score rows of every score
#               at sizes from 500 x 512 to 50,000 x 2,048
#     quality   how well every score orders trained zoos of three seeds and three architectures, next to
#               lists that never see the data: JSON, a table and a figure
#     resnets   Inference of the ResNets at batch 32, 128 and 512 next to Python's
#     data      the data path over 4,096 real photographs: decoders, workers, copies, precisions,
#               cached tensors, searches in all modes, and the loader next to its peers
#     workers   searches over those photographs on 4, 8 and 16 workers
#     grid      the study's grid of Inference to 1 %, twice, and how far the medians agree; the same
#               for its small batches of the smaller convolutional networks as CUDA graphs
#     turns     the same grid with the rows of a network in turns (--interleave), twice
#     spans     times of CUDA events next to those of the kernels that CUPTI saw
#     graphs    CUDA graphs in bf16 next to Python's
#     memory    the largest batch of every network under 24 GB, and of two without a limit
#     loads     LoadModel of three networks: reads, copies, warm and cold page cache; of two next to
#               Python's ways to load a model, three rounds in random order
#     blocks    time and output of every block of every network
#     verdicts  how often paired_run.py errs: 12 rows of Inference, 4 of them with a real delay of
#               6 %; about 150 s
#
# MODEL_SEARCH_BINARY and MODEL_SEARCH_PYTHON override the program and the Python environment.
# MODEL_SEARCH_ARCHITECTURES, _PRECISIONS, _EXECUTIONS, _PEERS, _BATCH_SIZES and _ROUNDS narrow
# `compiled`, the first and the last of them `extract` and `zoo_peers`, and the first one and
# MODEL_SEARCH_DISTRIBUTIONS, _CANDIDATES and _KEEP_ZOOS (1: they stay) `zoo`; _PLANS both, _PROBES and
# _PEER_CANDIDATES `zoo_peers`; MODEL_SEARCH_BEST has further flags of our
# side of `extract`; _PROBES, _SIZES and _ROUNDS narrow `scores`, and _ARCHITECTURES, _SEEDS and _CANDIDATES `quality`.
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=${1:?usage: tools/measure_gpu.sh OUTPUT_FOLDER [STAGE...]}
shift
all="tests networks peers compiled extract searches zoo zoo_peers growth truth scores quality resnets data workers grid turns spans graphs memory loads blocks verdicts"
stages=("$@")
[ $# -gt 0 ] || read -ra stages <<<"$all"
binary=${MODEL_SEARCH_BINARY:-$root/build/release/model_search_bench}
python=${MODEL_SEARCH_PYTHON:-$("$root/tools/setup.sh" --print-python)}
cache=${MODEL_SEARCH_MEASURE_CACHE:-${TMPDIR:-/tmp}/model-search-bench-measure}
vision=resnet18,resnet34,resnet50,resnet101,resnet152,mobilenet_v2
convolutional=$vision,efficientnet_v2_s
vision+=,efficientnet_v2_s,efficientnet_v2_l,vit_b_16,vit_b_32,vit_l_16,vit_l_32
mkdir -p "$output" "$cache"
grid=("$binary" --cache_dir="$cache" --devices=cuda --steps=Inference --precision_target=1%
  "--configurations=full,last_50pct,last_25pct,last_3,last_1")

# Measures the grid once and prints how long it took: measure_grid RUN NAME [FLAG...]
measure_grid() {
  local start
  start=$(date +%s)
  "${grid[@]}" --architectures="$vision" --batch_sizes=32,128,512 "${@:3}" \
    --benchmark_out="$output/$2-$1.json"
  echo "$2, run $1: $(($(date +%s) - start)) s"
}

# Prints how far the two runs of NAME agree; continues where too few rows agree.
agree() {
  "$python" "$root/tools/medians_agree.py" "$output/$1-1.json" "$output/$1-2.json" || [ $? -eq 1 ]
}

# Draws the photographs of the searches of zoos: photographs COUNT
photographs() {
  [ -d "$cache/photographs-$1" ] ||
    "$python" "$root/tools/make_photographs.py" --train "$1" --val 20 -o "$cache/photographs-$1"
}

# Makes a zoo and prints its file: make_zoo NAME ARCHITECTURE DISTRIBUTION COUNT
make_zoo() {
  "$python" "$root/tools/make_zoo.py" --binary "$binary" --cache-dir "$cache" --architecture "$2" \
    --distribution "$3" --candidates "$4" -o "$cache/zoos/$1" >"$output/zoo-$1.log"
  echo "$cache/zoos/$1/zoo.json"
}

# Searches a zoo over COUNT photographs: search_zoo COUNT FILE NAME [FLAG...]
search_zoo() {
  "$binary" --cache_dir="$cache" --data_dir="$cache/photographs-$1" --devices=cuda --steps=Search \
    --candidates="$2" --decoders=hybrid --workers=12 --layouts=channels_last --batch_sizes=512 \
    --benchmark_out="$output/$3.json" "${@:4}"
}

for stage in "${stages[@]}"; do
  case $stage in
    tests)
      for name in network_gpu_test text_gpu_test gpu_images_test overlapped_gpu_test memory_trial_gpu_test \
        launch_share_gpu_test; do
        "$(dirname "$binary")/$name"
      done
      # One process each, because two folders have a module conftest.
      for tests in benchmarks/gpu tools/peers/test_peers_on_gpu.py \
        tools/zoo/test_trained_zoo_on_gpu.py; do
        MODEL_SEARCH_BINARY=$binary "$python" -m pytest -q -rs -p no:cacheprovider "$root/tests/$tests"
      done
      ;;
    networks)
      "$binary" --cache_dir="$cache" --devices=cuda --steps=Inference --batch_sizes=128 \
        --time_budget=6 --benchmark_out="$output/networks.json" --benchmark_out_format=json
      ;;
    peers)
      "$python" "$root/tools/peers/inference_ratio.py" --binary "$binary" --device cuda \
        --architectures all --batch-sizes 128 --rounds 3 -o "$output/networks-next-to-python.json"
      ;;
    compiled)
      [ -d "$cache/512/train" ] ||
        "$python" "$root/tools/make_photographs.py" --train 512 --val 20 -o "$cache/512"
      eight=resnet18,resnet50,resnet152,mobilenet_v2,efficientnet_v2_s,vit_b_16,vit_l_16,bert_base
      IFS=, read -ra chosen <<<"${MODEL_SEARCH_ARCHITECTURES:-$eight}"
      # One by one, since all peers of a run are compiled before its first round. A peer that cannot
      # be compiled or captured is a row with its error.
      for network in "${chosen[@]}"; do
        file=$output/next-to-compiled-$network.json
        "$python" "$root/tools/peers/compiled_ratio.py" --binary "$binary" --device cuda \
          --cache-dir "$cache" --data-dir "$cache/512" --jobs 8 --batches 40 --warmup-seconds 0.5 \
          --architectures "$network" --precisions "${MODEL_SEARCH_PRECISIONS:-bf16}" \
          --executions "${MODEL_SEARCH_EXECUTIONS:-graphs}" \
          --peers "${MODEL_SEARCH_PEERS:-eager,eager_graph,compile,frozen_graph}" \
          --batch-sizes "${MODEL_SEARCH_BATCH_SIZES:-128,32}" --rounds "${MODEL_SEARCH_ROUNDS:-2}" \
          -o "$file" || [ -s "$file" ]
      done
      ;;
    extract)
      [ -d "$cache/4096/train" ] ||
        "$python" "$root/tools/make_photographs.py" --train 4096 --val 20 -o "$cache/4096"
      peers=dataloader,tuned_dataloader,torchvision_gpu
      ! "$python" -c 'import nvidia.dali' 2>/dev/null || peers+=,dali_mixed
      rounds=${MODEL_SEARCH_ROUNDS:-2}
      spare=$(($(nproc) > 3 ? $(nproc) - 2 : 1)) # As decoder=hybrid has by default.
      "$python" "$root/tools/peers/loader_ratio.py" --binary "$binary" --data-dir "$cache/4096" \
        --workers "$(nproc)" --batches 40 --warmup-batches 8 --rounds "$rounds" --device cuda \
        --peers "$peers" --ours=--decoders=turbojpeg,nvjpeg,hybrid --ours=--inputs=uint8 \
        --ours=--workers="$spare,$(nproc)" -o "$output/loader-next-to-tuned.json" || [ -s "$output/loader-next-to-tuned.json" ]
      best=(--ours=--decoders=hybrid --ours=--workers="$spare" --ours=--inputs=uint8 --ours=--modes=overlapped
        --ours=--precisions=bf16 --ours=--layouts=channels_last)
      for flag in ${MODEL_SEARCH_BEST:-}; do best+=("--ours=$flag"); done
      "$python" "$root/tools/peers/end_to_end_table.py" --binary "$binary" --device cuda \
        --cache-dir "$cache" --data-dir "$cache/4096" --workers "$(nproc)" --rounds "$rounds" \
        --architectures "${MODEL_SEARCH_ARCHITECTURES:-resnet18,resnet50,vit_b_16}" "${best[@]}" \
        -o "$output/extract-next-to-python.json" --markdown "$output/extract.md" ||
        [ -s "$output/extract.md" ]
      ;;
    searches)
      [ -d "$cache/2048/train" ] ||
        "$python" "$root/tools/make_photographs.py" --train 2048 --val 64 -o "$cache/2048"
      # What a tail reads does not depend on the decoder, and its modes differ little.
      "$binary" --data_dir="$cache/2048" --cache_dir="$cache" --devices=cuda --batch_sizes=128 \
        --steps=LoadModel,LoadData,DataToDevice,Inference,WriteActivations,Score,EndToEnd,Blocks \
        --architectures=resnet18,resnet50,resnet152,vit_b_16 \
        --configurations=full,last_50pct,last_1 --caches=device,host,disk \
        --decoders=turbojpeg,nvjpeg --modes=serial,prefetch,overlapped --time_budget=2 \
        --benchmark_filter='-cache=.*(decoder=nvjpeg|mode=overlapped)|Blocks.*decoder=nvjpeg' \
        --processes=3 --benchmark_out="$output/searches.json"
      ;;
    zoo)
      photographs 4096
      for name in $(tr , ' ' <<<"${MODEL_SEARCH_ARCHITECTURES:-resnet18,resnet152,efficientnet_v2_l,vit_l_32}"); do
        for distribution in $(tr , ' ' <<<"${MODEL_SEARCH_DISTRIBUTIONS:-top_layers,top_25pct,top_50pct}"); do
          zoo=$(make_zoo "$name-$distribution" "$name" "$distribution" "${MODEL_SEARCH_CANDIDATES:-35}")
          plans=shared
          # What is not shared takes as long for each distribution.
          [ "$distribution" = top_layers ] && plans=one_by_one,decode_once,shared
          search_zoo 4096 "$zoo" "search-$name-$distribution-bf16" --precisions=bf16 \
            "--plans=${MODEL_SEARCH_PLANS:-$plans}" --budgets=all,halving --trace_dir="$output/traces" ||
            [ $? -eq 1 ]
          search_zoo 4096 "$zoo" "search-$name-$distribution-torch" || [ $? -eq 1 ]
          [ -n "${MODEL_SEARCH_KEEP_ZOOS:-}" ] || rm -r "$(dirname "$zoo")"
        done
      done
      ;;
    zoo_peers)
      photographs 4096
      for name in $(tr , ' ' <<<"${MODEL_SEARCH_ARCHITECTURES:-resnet18,resnet152,vit_l_32}"); do
        zoo=$(make_zoo "$name-top_layers" "$name" top_layers "${MODEL_SEARCH_CANDIDATES:-35}")
        "$python" "$root/tools/peers/zoo_search.py" --binary "$binary" --candidates "$zoo" \
          --data-dir "$cache/photographs-4096" --device cuda --cache-dir "$cache" --batch 128 \
          --peer-candidates "${MODEL_SEARCH_PEER_CANDIDATES:-4}" --rounds "${MODEL_SEARCH_ROUNDS:-1}" \
          --precisions "${MODEL_SEARCH_PRECISIONS:-torch,bf16}" \
          --plans "${MODEL_SEARCH_PLANS:-one_by_one,decode_once,shared}" \
          --probes "${MODEL_SEARCH_PROBES:-linear,minibatch}" --ours=--decoders=hybrid \
          --ours=--layouts=channels_last -o "$output/search-$name-next-to-python.json" \
          --markdown "$output/search-$name-next-to-python.md"
      done
      ;;
    growth)
      photographs 8192
      zoo=$(make_zoo resnet18-growth resnet18 top_layers 70)
      for count in ${MODEL_SEARCH_COUNTS:-5 10 20 35 70}; do
        "$python" -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1]))[:int(sys.argv[2])]))' \
          "$zoo" "$count" >"$(dirname "$zoo")/first-$count.json"
        search_zoo 8192 "$(dirname "$zoo")/first-$count.json" "growth-$count-candidates" \
          --precisions=bf16 --items=4096
      done
      for items in ${MODEL_SEARCH_ITEMS:-512 1024 2048 4096 8192}; do
        search_zoo 8192 "$(dirname "$zoo")/first-35.json" "growth-$items-items" \
          --precisions=bf16 --items="$items"
      done
      ;;
    truth)
      "$python" "$root/tools/make_zoo.py" --binary "$binary" --cache-dir "$cache" --trained \
        --architecture resnet18 --device cuda -o "$cache/zoos/trained"
      "$binary" --cache_dir="$cache" --data_dir="$cache/zoos/trained/data" --devices=cuda --steps=Search \
        --candidates="$cache/zoos/trained/zoo.json" --budgets=all,halving --decoders=hybrid \
        --benchmark_out="$output/search-trained.json"
      "$python" "$root/tools/zoo_truth.py" "$output/search-trained.json" \
        --truth="$cache/zoos/trained/truth.json" | tee "$output/search-trained.txt"
      ;;
    scores)
      probes=${MODEL_SEARCH_PROBES:-$("$binary" --schema | "$python" -c 'import json, sys
print(*next(a["values"] for a in json.load(sys.stdin)["axes"] if a["key"] == "probe"), sep=",")')}
      "$python" "$root/tools/peers/scores.py" --binary "$(dirname "$binary")/score_features" \
        --device cuda --sizes 9469x2048 --classes 10 --probes "$probes" \
        --rounds "${MODEL_SEARCH_ROUNDS:-3}" -o "$output/scores-next-to-python.json" \
        --markdown "$output/scores-next-to-python.md" || [ -s "$output/scores-next-to-python.md" ]
      sizes=${MODEL_SEARCH_SIZES:-500x512,500x2048,9469x512,9469x2048,9469x4096,50000x2048}
      "$binary" --cache_dir="$cache" --devices=cuda --steps=Score --architectures=resnet18 \
        --probes="$probes" --classes=10,1000 --feature_sizes="$sizes" \
        --benchmark_filter='-classes=1000/features=500x' --time_budget=4 \
        --benchmark_out="$output/scores.json" || [ $? -eq 1 ]
      "$binary" --cache_dir="$cache" --devices=cpu --steps=Score --architectures=resnet18 \
        --probes="$probes" --classes=10 --feature_sizes=500x512,9469x2048 --batches=6 \
        --warmup_batches=1 --time_budget=10 --benchmark_out="$output/scores-cpu.json" || [ $? -eq 1 ]
      ;;
    quality)
      zoos=()
      for seed in ${MODEL_SEARCH_SEEDS:-0 1 2}; do
        for name in $(tr , ' ' <<<"${MODEL_SEARCH_ARCHITECTURES:-resnet18,resnet34,mobilenet_v2}"); do
          zoo=$cache/zoos/trained-$name-$seed
          "$python" "$root/tools/make_zoo.py" --binary "$binary" --cache-dir "$cache" --trained \
            --architecture "$name" --seed "$seed" --candidates "${MODEL_SEARCH_CANDIDATES:-10}" \
            --device cuda -o "$zoo"
          "$binary" --cache_dir="$cache" --data_dir="$zoo/data" --devices=cuda --steps=Search \
            --candidates="$zoo/zoo.json" --decoders=hybrid --features_dir="$zoo/features" \
            --benchmark_out="$output/search-trained-$name-$seed.json"
          zoos+=("$zoo")
        done
      done
      "$python" "$root/tools/score_quality.py" "${zoos[@]}" --device cuda \
        --binary "$(dirname "$binary")/score_features" -o "$output/score-quality"
      ;;
    resnets)
      "$python" "$root/tools/peers/inference_ratio.py" --binary "$binary" --device cuda \
        --architectures resnet18,resnet34,resnet50,resnet101,resnet152 \
        --batch-sizes 32,128,512 --rounds 3 -o "$output/resnets-next-to-python.json"
      ;;
    data)
      [ -d "$cache/4096/train" ] ||
        "$python" "$root/tools/make_photographs.py" --train 4096 --val 20 -o "$cache/4096"
      data=(--data_dir="$cache/4096" --cache_dir="$cache" --devices=cuda --batch_sizes=128
        --benchmark_out_format=json)
      "$python" "$root/tools/peers/loader_ratio.py" --binary "$binary" --data-dir "$cache/4096" \
        --workers "$(nproc)" --batches 40 --warmup-batches 8 --rounds 3 \
        --peers dataloader,libjpeg_turbo --device cuda \
        --ours=--decoders=turbojpeg,nvjpeg --ours=--inputs=float32,uint8 \
        -o "$output/loader-next-to-peers.json" || [ $? -eq 1 ]
      "$binary" "${data[@]}" --steps=LoadData,DataToDevice --architectures=resnet18 \
        --decoders=turbojpeg,stb,nvjpeg --inputs=float32,uint8 --workers=1,4,8,16 \
        --transfers=pinned,pageable,pinned_async --time_budget=4 \
        --benchmark_out="$output/loading.json"
      "$binary" "${data[@]}" --steps=LoadData --architectures=resnet18 --decoders=turbojpeg \
        --workers=16 --page_caches=warm,cold --data=jpeg,tensors \
        --storages=float32,float16,bfloat16 --time_budget=6 --benchmark_out="$output/caches.json"
      searches=(--steps=EndToEnd "--architectures=resnet18,resnet152,vit_b_16"
        --configurations=full "--decoders=turbojpeg,nvjpeg" "--inputs=float32,uint8" --workers=16
        "--modes=serial,prefetch,overlapped")
      "$binary" "${data[@]}" "${searches[@]}" --benchmark_out="$output/searches.json"
      "$binary" "${data[@]}" "${searches[@]}" --precisions=bf16 --layouts=channels_last \
        --benchmark_out="$output/searches-bf16.json"
      ;;
    workers)
      [ -d "$cache/4096/train" ] ||
        "$python" "$root/tools/make_photographs.py" --train 4096 --val 20 -o "$cache/4096"
      "$binary" --data_dir="$cache/4096" --cache_dir="$cache" --devices=cuda --batch_sizes=128 \
        --steps=EndToEnd --architectures=resnet18,resnet152 --configurations=full \
        --decoders=turbojpeg --workers=4,8,16 --modes=serial,prefetch,overlapped \
        --benchmark_out="$output/searches-workers.json"
      ;;
    grid)
      # Small batches of all networks but the transformers and EfficientNetV2-L wait for the
      # host; CUDA graphs do not.
      for run in 1 2; do
        measure_grid "$run" grid
        "${grid[@]}" --architectures="$convolutional" --batch_sizes=32 --executions=cuda_graph \
          --benchmark_out="$output/grid-graphs-$run.json"
      done
      agree grid
      agree grid-graphs
      ;;
    turns)
      for run in 1 2; do measure_grid "$run" grid-turns --interleave; done
      agree grid-turns
      ;;
    spans)
      "$binary" --cache_dir="$cache" --devices=cuda --steps=Inference --configurations=full \
        --architectures=resnet50,vit_b_16,efficientnet_v2_s --batch_sizes=128 --kernel_span \
        --benchmark_out="$output/kernel-span.json"
      ;;
    graphs)
      "$python" "$root/tools/peers/inference_ratio.py" --binary "$binary" --device cuda \
        --architectures resnet50,vit_b_16,efficientnet_v2_s --batch-sizes 128 --rounds 3 \
        --precision bf16 --layout channels_last --execution cuda_graph --batches 60 \
        -o "$output/graphs-next-to-python.json"
      ;;
    memory)
      "$binary" --cache_dir="$cache" --devices=cuda --steps=MaxBatchSize --configurations=full \
        --architectures="$vision" --memory_limit=24GB --allocators=default,expandable \
        --benchmark_out="$output/memory-24gb.json"
      "$binary" --cache_dir="$cache" --devices=cuda --steps=MaxBatchSize --configurations=full \
        --architectures=resnet18,vit_l_32 --benchmark_out="$output/memory.json"
      ;;
    loads)
      "$binary" --cache_dir="$cache" --devices=cuda --steps=LoadModel --configurations=full \
        --architectures=resnet18,resnet152,vit_l_32 --reads=buffered,mmap,direct \
        --weight_transfers=pageable,pinned --page_caches=warm,cold --time_budget=2 \
        --benchmark_out="$output/load-model.json"
      "$python" "$root/tools/peers/load_ratio.py" --binary "$binary" --device cuda \
        --weights-dir "$cache/peer_weights" --architectures resnet18,vit_b_16 \
        --page-caches warm --loads 12 -o "$output/load-next-to-python.json"
      ;;
    blocks)
      "$binary" --cache_dir="$cache" --devices=cuda --steps=Blocks --batch_sizes=128 \
        --time_budget=4 --benchmark_out="$output/blocks.json"
      ;;
    verdicts)
      rows=(--cache_dir="$cache" --devices=cuda --steps=Inference --executions=cuda_graph
        "--architectures=resnet18,resnet50,mobilenet_v2,vit_b_32" --batch_sizes=32
        "--configurations=full,last_50pct,last_25pct" --batches=30 --warmup_seconds=0
        --time_budget=2) # Short warm-ups, since twelve rounds need 24 processes.
      "$binary" "${rows[@]}" >/dev/null # Makes the weights.
      "$python" "$root/tools/calibrate_comparison.py" "$binary" "${rows[@]}" --pairs=1 \
        --delays=6% --slow-rows=last_50pct --budget=125 \
        -o "$output/comparison-calibration-gpu.json"
      ;;
    *)
      echo "stage '$stage' is unknown; choices: ${all// /, }" >&2
      exit 2
      ;;
  esac
done
