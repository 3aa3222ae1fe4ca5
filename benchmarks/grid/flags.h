// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <string>

#include "benchmarks/grid/options.h"

namespace model_search {

/// What the flags are read into: settings, and the texts of axes, which are worked out when the
/// preset and the cores are known.
struct FlagTexts {
  Options options;
  std::string preset;
  std::map<const Axis*, std::string> axes;
};

/// Adds every flag, which holds addresses of `flags` from then on. A flag that is given twice has
/// its last value.
void declare(CLI::App& app, FlagTexts& flags);

}  // namespace model_search
