// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// The flags of Google Benchmark that this program acts on itself. They may also be in the
/// environment (BENCHMARK_OUT, …).
struct BenchmarkFlags {
  bool list_rows = false;
  std::string display;     ///< --benchmark_format: console, json or csv; empty: console
  std::string out;         ///< --benchmark_out, where the results are JSON
  std::string table_out;   ///< --benchmark_out, where they are in another format
  std::string out_format;  ///< --benchmark_out_format; empty: json
  std::string color;       ///< --benchmark_color; empty: auto
  bool display_aggregates_only = false;
  bool time_unit = false;   ///< whether --benchmark_time_unit is given
  std::string repetitions;  ///< as given; empty: one
  /// The remaining arguments for Google Benchmark, with one trial per row in front unless the user
  /// sets more. Points into the process' arguments.
  std::vector<char*> rest;

  /// The number of repetitions as Google Benchmark reads it: one where the text is not a number.
  [[nodiscard]] int repetition_count() const;
};

/// Reads the flags from the arguments and the environment. Removes those that the program handles
/// instead of Google Benchmark from both: --benchmark_out, its format, and
/// --benchmark_display_aggregates_only, which would keep repetitions from the file too. Throws
/// std::invalid_argument for a format that is unknown.
[[nodiscard]] BenchmarkFlags read_benchmark_flags(int argc, char** argv);

/// Whether the arguments contain a flag without a value, e.g. "--schema".
[[nodiscard]] bool has_flag(int argc, char** argv, const std::string& flag);

}  // namespace model_search
