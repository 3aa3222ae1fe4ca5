#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets everything up, builds and runs all tests. Arguments go to ctest: tools/test.sh -L unit
# The last line is ctest's count of what passed and failed.
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/tools/setup.sh" --tests
cd "$root"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
# One more than there are cores, because tests also wait.
ctest --preset release -j "$(($(nproc) + 1))" "$@" | tee "$log" || code=$?
grep -E '^[0-9]+% tests passed' "$log" || true
exit $code
