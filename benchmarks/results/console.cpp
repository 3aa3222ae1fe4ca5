// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/console.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <ostream>

#include "benchmarks/results/largest_step.h"
#include "benchmarks/results/run_error.h"

namespace model_search {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

constexpr std::size_t name_columns = 68;

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

/// Three digits; large numbers whole.
std::string in_digits(double value) {
  if (value >= 100) return formatted("%.0f", value);
  return formatted(value >= 10 ? "%.1f" : "%.2f", value);
}

std::map<std::string, double> counters_of(const Run& run) {
  std::map<std::string, double> counters;
  for (const auto& [name, counter] : run.counters) {
    if (std::isfinite(counter.value)) counters[name] = counter.value;
  }
  return counters;
}

/// Whether an aggregate of repetitions is a share, not a time.
bool is_share(const Run& run) {
  return run.run_type == Run::RT_Aggregate && run.aggregate_unit == benchmark::kPercentage;
}

std::string time_of(const Run& run) {
  if (is_share(run)) return formatted("%.2f %%", 100 * run.GetAdjustedRealTime());
  // Five digits of milliseconds are hard to read.
  constexpr double most_milliseconds = 10000;
  const double time = run.GetAdjustedRealTime();
  if (run.time_unit == benchmark::kMillisecond && time >= most_milliseconds) {
    return in_digits(time / 1000) + " s";
  }
  return in_digits(time) + " " + benchmark::GetTimeUnitString(run.time_unit);
}

double seconds_of_run(const Run& run) {
  return run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
}

/// The columns behind the name.
std::string columns_of(const Run& run) {
  const std::map<std::string, double> counters = counters_of(run);
  std::string interval;
  if (const auto found = counters.find("ci95_rel"); found != counters.end() && !is_share(run)) {
    interval = formatted("%.1f %%", 100 * found->second);
  }
  std::string rate;
  if (const auto found = counters.find("items_per_second");
      found != counters.end() && !is_share(run)) {
    rate = in_digits(found->second);
  }
  std::string step;
  if (run.run_type == Run::RT_Iteration) {
    const auto largest = largest_step(step_seconds(counters), seconds_of_run(run));
    if (largest) step = largest->text();
  }
  return formatted("%11s %8s %9s  %s", time_of(run).c_str(), interval.c_str(), rate.c_str(),
                   step.c_str());
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

bool Console::ReportContext(const Context&) {
  GetErrorStream() << summary_ << std::flush;
  return true;
}

void Console::ReportRuns(const std::vector<Run>& runs) {
  if (!begun_) {
    begun_ = true;
    if (!names_.shared().empty()) {
      GetOutputStream() << "Settings of all rows: " << names_.shared() << "\n";
    }
    print("Row", formatted("%11s %8s %9s  %s", "Time", "95 % +-", "Items/s", "Largest step"),
          false);
    GetOutputStream() << std::string(name_columns + 46, '-') << "\n";
  }
  for (const Run& run : runs) {
    const std::string error = error_of(run);
    const std::string name = names_.shorten(run.benchmark_name());
    if (error.empty()) {
      print(name, columns_of(run), false);
    } else {
      print(name, "", true);
      GetOutputStream() << "  failed: " << error << "\n";
    }
  }
  GetOutputStream() << std::flush;
}

void Console::print(const std::string& name, const std::string& rest, bool failed) {
  std::ostream& out = GetOutputStream();
  out << (color_ ? (failed ? "\033[31m" : "\033[32m") : "") << name << (color_ ? "\033[0m" : "");
  const std::size_t end = rest.find_last_not_of(' ');
  if (end == std::string::npos) {
    out << "\n";
    return;
  }
  // A name that is too long has a line of its own.
  if (name.size() > name_columns) out << "\n";
  out << std::string(name.size() > name_columns ? name_columns : name_columns - name.size(), ' ')
      << rest.substr(0, end + 1) << "\n";
}

}  // namespace model_search
