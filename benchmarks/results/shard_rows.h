// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/grid/deal.h"
#include "benchmarks/grid/product.h"
#include "benchmarks/grid/shard.h"
#include "fixtures/devices/environment.h"

namespace model_search {

/// Who measures what: the rows of the whole grid in their order, and the shard of each.
struct ShardDeal {
  Shard shard;
  std::vector<RowCost> rows;
  std::vector<std::size_t> shard_of;
  bool expects_seconds = false;  ///< whether the rows' seconds come from `--expected`
  std::string store;             ///< where workers take rows: `--store`

  /// The context's entries: `shard`, `shard_source`, and `shard_grid`, which is equal for all
  /// shards that dealt the same rows out in the same way.
  [[nodiscard]] Facts facts() const;
  /// Says on stderr which share it is, and writes the deal next to the results, where there are
  /// any: RESULTS.shard-1-of-4.rows.txt has a line for each row of the grid, with its shard (or
  /// "auto"), its expected seconds and its name. tools/merge.py reads there which rows are missing.
  void report(const std::string& out) const;

 private:
  [[nodiscard]] std::string described(const std::string& out) const;
};

/// A shard's rows, in the order of the grid.
struct ShardRows {
  Combinations rows;
  ShardDeal deal;
};

/// Deals the rows out as `options` say. Rows of one candidate share set-up; others have none that
/// is worth keeping together. Throws std::runtime_error where `--expected` cannot be read.
/// Where workers take rows one by one, all rows are of each.
[[nodiscard]] ShardRows rows_of_shard(const Combinations& all, const Options& options);

/// The file that a shard writes in place of `--benchmark_out`. Streams stay as they are.
[[nodiscard]] std::string output_of_shard(const std::string& out, const Shard& shard);

}  // namespace model_search
