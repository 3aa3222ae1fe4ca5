#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Feeds damaged files to everything that reads files from outside, with AddressSanitizer and UBSan.
#
#   tools/fuzz.sh [SECONDS [HARNESS...]]    (default: 300 s for each harness of tests/fuzz/)
#
# A file that crashes, leaks, takes more than 2 s, 512 MB at once or 2 GB in all (with the sanitizers' own)
# ends its harness and lies in build/fuzz/found/HARNESS; move it to tests/fuzz/found/HARNESS once it is fixed.
# Inputs that reach new code stay in build/fuzz/corpus. Needs clang (apt-get install clang libclang-rt-dev).
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seconds=${1:-300}
harnesses=("${@:2}")
build=$root/build/fuzz
command -v clang++ >/dev/null || {
  echo "clang++ was not found; install it: apt-get install clang" >&2
  exit 2
}
cd "$root"
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzzers
"$(tools/setup.sh --print-python)" tests/fuzz/make_seeds.py "$build/seeds"
if [ ${#harnesses[@]} -eq 0 ]; then
  for harness in "$build"/fuzz_*; do
    [ -x "$harness" ] && harnesses+=("$(basename "$harness" | sed 's/^fuzz_//')")
  done
fi
failed=()
for harness in "${harnesses[@]}"; do
  mkdir -p "$build/corpus/$harness" "$build/found/$harness"
  echo "== $harness, $seconds s"
  # A sanitizer's report ends the process.
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
    "$build/fuzz_$harness" -max_total_time="$seconds" -timeout=2 -malloc_limit_mb=512 -rss_limit_mb=2048 \
    -max_len=65536 -print_final_stats=1 -verbosity=1 -artifact_prefix="$build/found/$harness/" \
    "$build/corpus/$harness" "$build/seeds/$harness" "tests/fuzz/found/$harness" \
    2>&1 | grep -vE '^#[0-9]+.*(NEW|REDUCE|pulse|RELOAD)' || failed+=("$harness")
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "These harnesses found something (build/fuzz/found): ${failed[*]}" >&2
  exit 1
fi
