// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/grid/options.h"

namespace model_search {

/// The options that these flags give.
inline Options parse(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "model_search_bench");
  return parse_options(static_cast<int>(flags.size()), flags.data());
}

}  // namespace model_search
