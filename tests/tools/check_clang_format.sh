#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks the format of all C++ and CUDA files. Exit codes: 0 clean, 1 not clean, 77 clang-format was not found.
# Version 14 decides: other versions lay out some lines otherwise.
set -euo pipefail
cd "$(dirname "$0")/../.."

formatter=""
for candidate in clang-format-14 clang-format; do
  if command -v "$candidate" > /dev/null; then formatter="$candidate"; break; fi
done
if [[ -z "$formatter" ]]; then
  echo "skipped: clang-format was not found; 'sudo apt-get install clang-format-14' gets it"
  exit 77
fi

patterns=('*.h' '*.cpp' '*.cu' '*.cuh')
if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
  mapfile -t files < <(git ls-files --cached --others --exclude-standard -- "${patterns[@]}")
else
  mapfile -t files < <(find . -path ./build -prune -o \
    \( -name '*.h' -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' \) -print)
fi
present=()
for file in "${files[@]}"; do
  if [[ -f "$file" ]]; then present+=("$file"); fi
done
if (( ${#present[@]} == 0 )); then echo "no C++ files"; exit 0; fi

if "$formatter" --dry-run -Werror "${present[@]}"; then exit 0; fi
version="$("$formatter" --version | grep -oE 'version [0-9]+' | grep -oE '[0-9]+')"
if [[ "$version" != 14 ]]; then
  echo "skipped: $formatter is version $version, and version 14 decides the format"
  exit 77
fi
echo "run: $formatter -i FILE"
exit 1
