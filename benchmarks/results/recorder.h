// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "benchmarks/results/console.h"
#include "benchmarks/results/display.h"
#include "benchmarks/results/outcome.h"
#include "benchmarks/results/result_file.h"
#include "benchmarks/steps/row.h"

namespace model_search {

/// Passes everything that Google Benchmark reports to a display and, row by row, to the file of
/// results, and keeps the outcomes of all rows. Google Benchmark's own file would be valid JSON
/// only at the end of a run.
class Recorder : public benchmark::BenchmarkReporter {
 public:
  /// `file` may be nullptr. Rows whose name `unfinished` knows are not reported: a signal has cut
  /// them off, and a run that continues measures them. `after_row` is called when the rows of a
  /// benchmark are on disk; an exception from it ends the run.
  Recorder(Display& display, ResultFile* file, EarlierResults earlier,
           std::function<bool(const std::string& row)> unfinished, std::function<void()> after_row);

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  /// Reports a row that failed without a run of its own. Does not call `after_row`.
  void report_failure(const std::string& row, const std::string& message, int repetitions);
  /// Writes a repetition to the file before Google Benchmark reports it, which it does when it has
  /// all repetitions of a row. `index` counts from 0.
  void keep_repetition(const std::string& row, const Row& measured, int index, int repetitions);
  /// Does nothing, because Google Benchmark calls it after each of several parts of a run.
  void Finalize() override {}
  /// The outcomes so far, those of the earlier run first.
  [[nodiscard]] const Outcomes& outcomes() const { return outcomes_; }
  /// Finishes the display and the file.
  void close();

 private:
  void report(const std::vector<Run>& runs);
  [[nodiscard]] std::string taken();

  Display& display_;
  ResultFile* file_;
  EarlierResults earlier_;
  std::function<bool(const std::string& row)> unfinished_;
  std::function<void()> after_row_;
  bool begun_ = false;
  FiniteJson json_;
  std::ostringstream text_;
  Outcomes outcomes_;
};

}  // namespace model_search
