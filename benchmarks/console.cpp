// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/console.h"

#include <set>
#include <string>
#include <vector>

namespace model_search {

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
