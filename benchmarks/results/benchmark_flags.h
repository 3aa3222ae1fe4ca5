// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// The flags of Google Benchmark that this program acts on itself. They may also be in the
/// environment (BENCHMARK_OUT, …).
struct BenchmarkFlags {
  bool help = false;
  bool list_rows = false;
  std::string display;  ///< --benchmark_format; empty: a table
  std::string out;      ///< --benchmark_out, where the results are JSON: the program writes them
  std::string repetitions;  ///< as given; empty: one
  /// The remaining arguments for Google Benchmark, with one trial per row in front unless the user
  /// sets more. Points into the process' arguments.
  std::vector<char*> rest;

  /// The number of repetitions as Google Benchmark reads it: one where the text is not a number.
  [[nodiscard]] int repetition_count() const;
};

/// Reads the flags from the arguments and the environment. Removes those that the program handles
/// instead of Google Benchmark (--benchmark_out as JSON) from both.
[[nodiscard]] BenchmarkFlags read_benchmark_flags(int argc, char** argv);

/// Whether the arguments contain a flag without a value, e.g. "--schema".
[[nodiscard]] bool has_flag(int argc, char** argv, const std::string& flag);

}  // namespace model_search
