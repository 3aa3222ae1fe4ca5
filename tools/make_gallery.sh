#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes reports/gallery/ anew from reports/baselines/: the report of the H200 compared with the
# published numbers of the RTX A5000. The page contains its figures; the folder keeps those of
# report.md as PNG.
#
#   tools/make_gallery.sh [FOLDER]   (default: reports/gallery)
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
gallery=${1:-$root/reports/gallery}
baselines=$root/reports/baselines
python=$("$root/tools/setup.sh" --print-python)
mkdir -p "$gallery"
names=(searches inference-grid-1)
files=("${names[@]/#/$baselines/h200-}")
files=("${files[@]/%/.json}")
# Three of the five configurations show how times fall with the depth of the cut.
"$python" "$root/tools/report.py" "${files[@]}" --filter='-last_25pct|last_3' \
  --against "$baselines/rtx-a5000-published.json" -o "$gallery"
rm -f "$gallery"/*.svg
