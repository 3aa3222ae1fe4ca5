// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/console.h"

#include <cmath>
#include <set>
#include <string>

namespace model_search {

void FiniteJson::ReportRuns(const std::vector<Run>& runs) {
  std::vector<Run> finite = runs;
  for (Run& run : finite) {
    std::erase_if(run.counters,
                  [](const auto& counter) { return !std::isfinite(counter.second.value); });
  }
  JSONReporter::ReportRuns(finite);
}

void Console::ReportRuns(const std::vector<Run>& runs) {
  static const std::set<std::string> shown{"items_per_second", "bytes_per_second", "ci95_rel",
                                           "accuracy"};
  std::vector<Run> brief = runs;
  for (Run& run : brief) {
    std::erase_if(run.counters, [](const auto& counter) { return !shown.contains(counter.first); });
  }
  ConsoleReporter::ReportRuns(brief);
}

}  // namespace model_search
