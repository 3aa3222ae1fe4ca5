// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/grid/deal.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <queue>
#include <utility>

namespace model_search {
namespace {

/// Rows that go to one shard.
struct Unit {
  std::vector<std::size_t> rows;  ///< by name
  double seconds = 0;
};

/// Rows of each group in the order of names, so that neighbors (configurations of one step) stay
/// together, in parts of at most `most` seconds; a longer row is a part of its own.
std::vector<Unit> units_of(const std::vector<RowCost>& rows, const std::vector<std::size_t>& sorted,
                           double most) {
  std::map<std::string, std::vector<Unit>> groups;
  for (const std::size_t row : sorted) {
    std::vector<Unit>& parts = groups[rows[row].group];
    if (parts.empty() || parts.back().seconds + rows[row].seconds > most) parts.emplace_back();
    parts.back().rows.push_back(row);
    parts.back().seconds += rows[row].seconds;
  }
  std::vector<Unit> units;
  for (auto& [name, parts] : groups) {
    units.insert(units.end(), std::make_move_iterator(parts.begin()),
                 std::make_move_iterator(parts.end()));
  }
  // Stable, so that equal units stay in the order of names.
  std::ranges::stable_sort(units, std::greater(), &Unit::seconds);
  return units;
}

struct Deal {
  std::vector<std::size_t> shard_of;
  double longest = 0;
};

Deal longest_first(const std::vector<Unit>& units, std::size_t rows, std::size_t count) {
  using Load = std::pair<double, std::size_t>;
  std::priority_queue<Load, std::vector<Load>, std::greater<>> shards;
  for (std::size_t shard = 0; shard < count; ++shard) shards.emplace(0, shard);
  Deal found{std::vector<std::size_t>(rows), 0};
  for (const Unit& unit : units) {
    auto [load, shard] = shards.top();
    shards.pop();
    for (const std::size_t row : unit.rows) found.shard_of[row] = shard;
    load += unit.seconds;
    found.longest = std::max(found.longest, load);
    shards.emplace(load, shard);
  }
  return found;
}

/// What the longest shard takes at least: the mean, the longest row, or two rows where there are
/// more rows of that length than shards.
double least(std::vector<double> seconds, std::size_t count) {
  std::ranges::sort(seconds, std::greater());
  const double total = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  double bound = std::max(total / static_cast<double>(count), seconds.front());
  if (seconds.size() > count) bound = std::max(bound, seconds[count - 1] + seconds[count]);
  return bound;
}

}  // namespace

std::vector<std::size_t> deal(const std::vector<RowCost>& rows, std::size_t count) {
  if (rows.empty()) return {};
  std::vector<std::size_t> sorted(rows.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::ranges::sort(sorted, {},
                    [&](std::size_t row) -> const std::string& { return rows[row].name; });
  // Sums follow the order of names: in another order they could differ in the last bit.
  std::vector<double> seconds;
  for (const std::size_t row : sorted) seconds.push_back(rows[row].seconds);
  const double bound = least(seconds, count);
  const double mean =
      std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(count);
  Deal best;
  for (const double parts : {1, 2, 3, 4, 6, 8, 0}) {
    const double most = parts > 0 ? mean / parts : 0;  // 0: single rows
    Deal next = longest_first(units_of(rows, sorted, most), rows.size(), count);
    if (best.shard_of.empty() || next.longest < best.longest) best = std::move(next);
    if (best.longest <= bound * 4 / 3) break;
  }
  return best.shard_of;
}

}  // namespace model_search
