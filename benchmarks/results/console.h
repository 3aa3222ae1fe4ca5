// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "benchmarks/results/row_names.h"

namespace model_search {

/// Google Benchmark's JSON without counters that are not finite numbers. With repetitions Google
/// Benchmark adds a coefficient of variation of every counter, which is 0 / 0 for a counter that is
/// always 0, and JSON has no NaN.
class FiniteJson : public benchmark::JSONReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override;
};

/// The table on a terminal, at most 120 columns wide: each row's time with half of its median's
/// 95 % interval, items per second and, of a search, the step that took longest. Files have all
/// else.
class Console : public benchmark::BenchmarkReporter {
 public:
  /// `summary` takes the place of Google Benchmark's description of the machine, `names` what all
  /// rows share.
  Console(bool color, std::string summary, RowNames names)
      : color_(color), summary_(std::move(summary)), names_(std::move(names)) {}
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

 private:
  void print(const std::string& name, const std::string& rest, bool failed);

  bool color_;
  std::string summary_;
  RowNames names_;
  bool begun_ = false;
};

}  // namespace model_search
