// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace model_search {

/// Whether a row of Google Benchmark's JSON says that it failed: `error_occurred`, or `skipped`
/// since version 1.8.
template <typename Json>
[[nodiscard]] bool is_failed_row(const Json& row) {
  return row.value("error_occurred", false) || row.value("skipped", false);
}

/// The seconds of a row's `real_time`, which is in its `time_unit`; 0 where it has none.
template <typename Json>
[[nodiscard]] double row_seconds(const Json& row) {
  static const std::map<std::string, double> units{
      {"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
  const auto unit = units.find(row.value("time_unit", "ns"));
  return row.value("real_time", 0.0) * (unit != units.end() ? unit->second : 1);
}

}  // namespace model_search
