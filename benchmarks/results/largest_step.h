// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

namespace model_search {

/// Seconds of each step of a search, by the steps' counters (`load_data`, …). A row of EndToEnd or
/// Search has a step's seconds where steps follow each other; where they overlap, what the step
/// took alone, else how long it worked. Empty for rows of other steps.
[[nodiscard]] std::map<std::string, double> step_seconds(
    const std::map<std::string, double>& counters);

/// The step that took longest and its share of `whole` seconds.
struct LargestStep {
  std::string step;                        ///< the counter
  double share = 0;                        ///< steps that overlap may add up to more than 1
  [[nodiscard]] std::string text() const;  ///< "load_data 74 %", at most 100 %
};

/// Empty without steps or seconds.
[[nodiscard]] std::optional<LargestStep> largest_step(const std::map<std::string, double>& steps,
                                                      double whole);

}  // namespace model_search
