// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/console.h"

#include <cmath>
#include <ostream>
#include <set>
#include <string>

namespace model_search {
namespace {

/// The label without its list of candidates, which follows all rows as a table.
std::string without_ranking(const std::string& label) {
  const std::size_t start = label.find("ranking=");
  if (start == std::string::npos) return label;
  const std::size_t end = label.find(' ', start);
  return label.substr(0, start) + (end == std::string::npos ? "" : label.substr(end + 1));
}

}  // namespace

void FiniteJson::ReportRuns(const std::vector<Run>& runs) {
  std::vector<Run> finite = runs;
  for (Run& run : finite) {
    std::erase_if(run.counters,
                  [](const auto& counter) { return !std::isfinite(counter.second.value); });
  }
  JSONReporter::ReportRuns(finite);
}

bool Console::ReportContext(const Context& context) {
  name_field_width_ = context.name_field_width;
  printed_header_ = false;
  prev_counters_.clear();
  GetErrorStream() << summary_ << std::flush;
  return true;
}

void Console::ReportRuns(const std::vector<Run>& runs) {
  static const std::set<std::string> shown{"items_per_second", "bytes_per_second", "ci95_rel",
                                           "accuracy"};
  std::vector<Run> brief = runs;
  for (Run& run : brief) {
    std::erase_if(run.counters, [](const auto& counter) { return !shown.contains(counter.first); });
    run.report_label = without_ranking(run.report_label);
  }
  ConsoleReporter::ReportRuns(brief);
}

}  // namespace model_search
