// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace model_search {

/// A row as the deal sees it.
struct RowCost {
  std::string name;    ///< unlike all others
  std::string group;   ///< rows of a group share set-up: the weights of one network, its caches
  double seconds = 1;  ///< expected; above 0
};

/// Deals rows out to `count` shards (at least 1) and returns the shard of each row. It is the same
/// for every order of `rows`.
///
/// Longest first: the longest remaining unit goes to the shard with the least to do, which is
/// within 4/3 of the best (R. L. Graham, "Bounds on Multiprocessing Timing Anomalies", 1969). Units
/// are groups, in parts where a group is longer than a shard's mean. Where that leaves a shard
/// beyond 4/3 of what it takes at least, parts become smaller, down to single rows.
[[nodiscard]] std::vector<std::size_t> deal(const std::vector<RowCost>& rows, std::size_t count);

}  // namespace model_search
