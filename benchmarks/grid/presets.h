// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/grid/axes.h"

namespace model_search {

/// Values for several flags under one name. Flags that are given override them.
struct Preset {
  struct Flag {
    const Axis* axis;
    std::string_view text;  ///< as on the command line
  };
  std::string_view name;
  std::string_view help;
  std::vector<Flag> flags;
};

[[nodiscard]] std::span<const Preset> presets();

}  // namespace model_search
