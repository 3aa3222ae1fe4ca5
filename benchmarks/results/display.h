// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/results/benchmark_flags.h"
#include "benchmarks/results/row_names.h"

namespace model_search {

/// What a run shows while it goes on: the display (--benchmark_format) and, where
/// --benchmark_out_format is not JSON, the file of --benchmark_out in that format.
class Display {
 public:
  /// `summary` is what the table begins with; `names` shortens the rows' names. Throws
  /// std::runtime_error that names the file where it cannot be opened.
  Display(const BenchmarkFlags& flags, const std::string& summary, const RowNames& names);

  void report_context(const benchmark::BenchmarkReporter::Context& context, std::ostream& out,
                      std::ostream& error);
  /// Shows rows. With --benchmark_display_aggregates_only the repetitions of a row are shown only
  /// where no aggregates follow.
  void report(const std::vector<benchmark::BenchmarkReporter::Run>& runs);
  void close();
  /// What could not be written until close(): a file or a display that other programs read. Empty
  /// where all was.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void check(std::ostream& stream, const std::string& name);

  bool aggregates_only_;
  std::string shown_format_;
  std::string table_out_;
  std::string error_;
  std::unique_ptr<benchmark::BenchmarkReporter> shown_;
  std::vector<benchmark::BenchmarkReporter::Run> held_back_;
  std::ofstream stream_;
  std::unique_ptr<benchmark::BenchmarkReporter> file_;  ///< nullptr: none in another format
};

}  // namespace model_search
