// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace model_search {

/// A number in a row, as `--schema` explains it. `<n>` in a name stands for a number.
struct Counter {
  std::string_view name;
  std::string_view unit;    ///< SI symbols, `share` (0 to 1), `flag` (0 or 1), or what is counted
  std::string_view better;  ///< `lower`, `higher`, or empty where neither is better
  std::string_view meaning;
};

}  // namespace model_search
