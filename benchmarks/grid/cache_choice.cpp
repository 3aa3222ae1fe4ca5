// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/cache_choice.h"

#include <set>
#include <string>
#include <utility>

namespace model_search {

Combinations with_caches(const Combinations& rows, const Options& options,
                         const CacheChoice& choose) {
  Combinations all;
  std::set<std::string> names;
  for (Combination row : rows) {
    if (row.has(axes().cache)) {
      if (!options.given.at(&axes().cache)) {
        row.values[&axes().cache] = std::string(name_of(choose(row)));
      }
      const bool copies = axis_rules::reads_items(row) || !row.is(axes().cache, "device");
      if (!copies) row.values.erase(&axes().transfer);
    }
    if (names.insert(row.name()).second) all.push_back(std::move(row));
  }
  return all;
}

}  // namespace model_search
