// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

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
  explicit Console(OutputOptions options) : ConsoleReporter(options) {}
  void ReportRuns(const std::vector<Run>& runs) override;
};

}  // namespace model_search
