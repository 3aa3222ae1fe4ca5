// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model_search {

/// A row as results show it, measured in this run or in an earlier one: what follows from several
/// rows (ranking, common batch size) is computed from these.
struct Outcome {
  std::string name;
  std::string label;
  double seconds = 0;                     ///< mean per iteration
  std::map<std::string, double> numbers;  ///< counters

  /// A counter; nothing where the row does not have it.
  [[nodiscard]] std::optional<double> number(const std::string& counter) const;
};
using Outcomes = std::vector<Outcome>;

/// Largest batches by the name of the MaxBatchSize row that found them.
[[nodiscard]] std::map<std::string, std::int64_t> largest_batches(const Outcomes& outcomes);

/// Adds what rows of Google Benchmark's JSON (objects, with commas between them) say. Failed rows
/// are left out. Of repetitions each one counts; where only their aggregates are there, the median.
void add_outcomes(Outcomes& outcomes, std::string_view rows);

}  // namespace model_search
