// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

namespace model_search {

/// Google Benchmark's JSON without counters that are not finite numbers. With repetitions Google
/// Benchmark adds a coefficient of variation of every counter, which is 0 / 0 for a counter that is
/// always 0, and JSON has no NaN.
class FiniteJson : public benchmark::JSONReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override;
};

/// Google Benchmark's console table with the few counters that a person reads there; files have all
/// of them.
class Console : public benchmark::ConsoleReporter {
 public:
  /// `summary` takes the place of Google Benchmark's description of the machine.
  Console(OutputOptions options, std::string summary)
      : ConsoleReporter(options), summary_(std::move(summary)) {}
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

 private:
  std::string summary_;
};

}  // namespace model_search
