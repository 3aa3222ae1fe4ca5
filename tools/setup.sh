#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prepares a Debian 12 or Ubuntu 24.04 machine and builds the program: system packages, CUDA and
# compiler checks, a Python environment (its torch wheel is LibTorch), then the build preset
# `program`. It does not repeat what is done already, so a second run takes seconds.
#
#   tools/setup.sh                 everything that the program and the tools need
#   tools/setup.sh --cpu           without the CUDA Toolkit, for the CPU only; later set-ups stay so until
#                                  build/release is removed. The Python environment is the same
#   tools/setup.sh --tests         also the tests (the preset `release`) and a browser for them
#   tools/setup.sh --no-build      everything but the build
#   tools/setup.sh --print-python  only prints where the environment's Python is or will be
#
# MODEL_SEARCH_CACHE   folder of the environment (default: ~/.cache/model-search-bench)
# MODEL_SEARCH_PYTHON  your own Python with tools/requirements.txt installed; setup makes none
set -euo pipefail
root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
requirements=$root/tools/requirements.txt
cuda_version=13.0

say() { printf '== %s\n' "$*" >&2; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

key=$(sha256sum "$requirements" | cut -c1-12)
cache=${MODEL_SEARCH_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/model-search-bench}
environment=$cache/python-$key
python=${MODEL_SEARCH_PYTHON:-$environment/bin/python}

cpu=
if grep -qs '^MODEL_SEARCH_CUDA:BOOL=OFF' "$root/build/release/CMakeCache.txt"; then cpu=1; fi
build=program # The workflow preset; nothing is built where it is empty.
packages=(g++ cmake ninja-build ccache mold git make python3 python3-venv clang-format-14
  libbenchmark-dev nlohmann-json3-dev libstb-dev libcli11-dev libgtest-dev libutf8proc-dev
  libjpeg-dev libpng-dev libgif-dev libtiff-dev libwebp-dev)
for argument in "$@"; do
  case $argument in
    --print-python)
      printf '%s\n' "$python"
      exit 0
      ;;
    --no-build) build= ;;
    --cpu) cpu=1 ;;
    --help | -h)
      sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --tests)
      build=${build:+release}
      # Ubuntu has its browser as a snap only; where none is found, the tests that need it are
      # skipped.
      ! grep -qx 'ID=debian' /etc/os-release || packages+=(chromium chromium-driver)
      ;;
    *) fail "'$argument' is unknown; choices: --cpu, --help, --no-build, --print-python, --tests" ;;
  esac
done

install_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null ||
    { say "dpkg was not found; assuming that these are installed: ${packages[*]}" && return; }
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing system packages: ${missing[*]}"
  local become=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      become=(sudo)
    else
      fail "these packages are missing and need root; install them by hand:
    apt-get update && apt-get install -y ${missing[*]}"
    fi
  fi
  # Suppress the prompts of packages, and show the reason where the installation fails.
  { "${become[@]}" apt-get update -qq &&
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } >&2 ||
    fail "installing failed (see above); install by hand:
    apt-get update && apt-get install -y ${missing[*]}"
}

# version_at_least FOUND WANTED
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

check_tools() {
  local found
  command -v g++ >/dev/null || fail "g++ was not found; install it: apt-get install g++"
  found=$(g++ -dumpfullversion)
  version_at_least "$found" 11 || fail "g++ $found is too old for C++20; install g++ 11 or later"
  command -v cmake >/dev/null || fail "cmake was not found; install it: apt-get install cmake"
  found=$(cmake --version | sed -n 's/^cmake version //p')
  version_at_least "$found" 3.25 || fail "CMake $found is too old; 3.25 is needed (pip install cmake)"
  command -v ninja >/dev/null || fail "ninja was not found; install it: apt-get install ninja-build"
}

find_cuda() {
  local folder found
  if ! command -v nvcc >/dev/null; then
    for folder in /usr/local/cuda-$cuda_version/bin /usr/local/cuda/bin; do
      [ -x "$folder/nvcc" ] && PATH=$folder:$PATH && export PATH && break
    done
  fi
  command -v nvcc >/dev/null || fail "the CUDA Toolkit was not found (no nvcc on PATH or in
  /usr/local/cuda). Install version $cuda_version: https://developer.nvidia.com/cuda-downloads
  or, with NVIDIA's package repository set up: apt-get install cuda-toolkit-${cuda_version/./-}
  To measure on the CPU only, without the toolkit: tools/setup.sh --cpu"
  found=$(nvcc --version | sed -n 's/.*release \([0-9.]*\),.*/\1/p')
  [ "$found" = "$cuda_version" ] || fail "CUDA Toolkit $found was found ($(command -v nvcc)), but
  $cuda_version is needed, the version that LibTorch is built for. Where both are installed:
  export PATH=/usr/local/cuda-$cuda_version/bin:\$PATH"
}

# The marker is written last, so an interrupted installation lacks it.
environment_is_complete() { [ -f "$environment/complete" ] && [ -x "$python" ]; }

make_environment() {
  if [ -n "${MODEL_SEARCH_PYTHON:-}" ]; then
    "$python" -c 'import torch' 2>/dev/null ||
      fail "MODEL_SEARCH_PYTHON=$python has no torch; install: $python -m pip install -r $requirements"
    return
  fi
  environment_is_complete && return
  python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' ||
    fail "$(python3 --version 2>&1) is not supported: Python 3.11, 3.12 or 3.13 is needed"
  mkdir -p "$cache"
  (
    flock 9 # Another set-up may be installing it right now.
    environment_is_complete && exit
    say "installing the Python environment in $environment (5 GB, some minutes, once)"
    rm -rf "$environment"
    python3 -m venv "$environment" >&2 ||
      fail "python3 -m venv failed; install it: apt-get install python3-venv"
    "$environment/bin/python" -m pip install --disable-pip-version-check --progress-bar off \
      -r "$requirements" >&2 ||
      fail "pip could not install $requirements (see above); the folder $environment is incomplete
  and will be made anew by the next run"
    touch "$environment/complete"
  ) 9>"$environment.lock"
}

install_packages
check_tools
[ -n "$cpu" ] || find_cuda
make_environment
if [ -n "$build" ]; then
  case $build in
    program) say "building the program (the first time 2 to 4 minutes on 2 cores, later seconds)" ;;
    release) say "building the program and its tests (the first time 4 to 6 minutes on 2 cores)" ;;
  esac
  cd "$root"
  [ -z "$cpu" ] || cmake --preset release -DMODEL_SEARCH_CUDA=OFF >&2
  cmake --workflow --preset "$build" >&2
fi
