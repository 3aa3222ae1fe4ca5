// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model_search {

/// The result of a row, measured in this run or in an earlier one. Ranking and common batch size
/// are computed from several of these.
struct Outcome {
  std::string name;
  std::string label;
  double seconds = 0;                     ///< mean per iteration
  std::map<std::string, double> numbers;  ///< counters

  /// The value of a counter; empty where the row does not have it.
  [[nodiscard]] std::optional<double> number(const std::string& counter) const;
  /// The names that the label lists as `<what>=a,b`.
  [[nodiscard]] std::vector<std::string> listed(const std::string& what) const;
};
using Outcomes = std::vector<Outcome>;

/// The largest batches, by the name of the MaxBatchSize row that found them.
[[nodiscard]] std::map<std::string, std::int64_t> largest_batches(const Outcomes& outcomes);

/// Adds what rows of Google Benchmark's JSON (objects, with commas between them) say. Failed rows
/// are left out. Of repetitions each one counts; where only their aggregates are there, the median.
void add_outcomes(Outcomes& outcomes, std::string_view rows);

}  // namespace model_search
