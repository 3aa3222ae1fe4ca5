// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

namespace model_search {

/// Google Benchmark's console table with the few counters that a person reads there; files keep
/// all of them.
class Console : public benchmark::ConsoleReporter {
 public:
  explicit Console(OutputOptions options) : ConsoleReporter(options) {}
  void ReportRuns(const std::vector<Run>& runs) override;
};

}  // namespace model_search
