// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/csv.h"

#include <cmath>
#include <cstdio>
#include <ostream>
#include <set>
#include <string>

#include "benchmarks/results/run_error.h"

namespace model_search {
namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"') result += '"';
    result += letter;
  }
  return result + '"';
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

std::string cell(const benchmark::UserCounters& counters, const std::string& name) {
  const auto found = counters.find(name);
  if (found == counters.end() || !std::isfinite(found->second.value)) return {};
  return number(found->second.value);
}

}  // namespace

bool Csv::ReportContext(const Context& /*context*/) {
  return true;
}

void Csv::ReportRuns(const std::vector<Run>& runs) {
  runs_.insert(runs_.end(), runs.begin(), runs.end());
}

void Csv::Finalize() {
  std::set<std::string> counters;
  for (const Run& run : runs_) {
    for (const auto& [name, value] : run.counters) counters.insert(name);
  }
  const std::set<std::string> placed{"bytes_per_second", "items_per_second"};
  for (const std::string& name : placed) counters.erase(name);
  std::ostream& out = GetOutputStream();
  out << "name,iterations,real_time,cpu_time,time_unit";
  for (const std::string& name : placed) out << ',' << name;
  out << ",label,error_occurred,error_message";
  for (const std::string& name : counters) out << ',' << quoted(name);
  out << '\n';
  for (const Run& run : runs_) {
    const std::string error = error_of(run);
    out << quoted(run.benchmark_name()) << ',';
    if (run.aggregate_unit == benchmark::StatisticUnit::kPercentage) {
      // A share has no unit of time, and is not one of several iterations.
      out << run.iterations << ',' << number(run.real_accumulated_time) << ','
          << number(run.cpu_accumulated_time) << ',';
    } else if (error.empty()) {
      out << run.iterations << ',' << number(run.GetAdjustedRealTime()) << ','
          << number(run.GetAdjustedCPUTime()) << ',' << benchmark::GetTimeUnitString(run.time_unit);
    } else {
      out << ",,,";
    }
    for (const std::string& name : placed) out << ',' << cell(run.counters, name);
    out << ',' << (run.report_label.empty() ? "" : quoted(run.report_label)) << ','
        << (error.empty() ? "" : "true") << ',' << (error.empty() ? "" : quoted(error));
    for (const std::string& name : counters) out << ',' << cell(run.counters, name);
    out << '\n';
  }
  out.flush();
}

}  // namespace model_search
