// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <string>

#include "benchmarks/grid/options.h"

namespace model_search {

/// What the flags are read into: settings, and the texts of axes, which are parsed when the preset
/// and the number of cores are known.
struct FlagTexts {
  Options options;
  std::string preset;
  std::string shard;
  std::map<const Axis*, std::string> axes;
};

/// Adds every flag. The flags hold addresses inside `flags` from then on. Where a flag is given
/// twice, the last value wins.
void declare(CLI::App& app, FlagTexts& flags);

}  // namespace model_search
