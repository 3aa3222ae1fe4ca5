// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

namespace model_search {

/// Rows as CSV with the columns of Google Benchmark's own format, which ends the program where two
/// rows have different counters. Here every row has the counters of all rows, empty where it lacks
/// one, so that nothing is written before Finalize().
class Csv : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  std::vector<Run> runs_;
};

}  // namespace model_search
