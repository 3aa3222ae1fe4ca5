// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// Google Benchmark's own flags, which may also stand in the environment (BENCHMARK_OUT, …), as far
/// as this program acts on them itself.
struct BenchmarkFlags {
  bool help = false;
  bool list_rows = false;
  std::string display;  ///< --benchmark_format; empty: a table
  std::string out;      ///< --benchmark_out, where the results are JSON: the program writes them
  std::string repetitions;  ///< as it was given; empty: one
  /// What is left for Google Benchmark, with one trial per row in front of it unless the user asks
  /// for more. Points into the process' arguments.
  std::vector<char*> rest;

  /// As Google Benchmark reads it: one where the text is not a number.
  [[nodiscard]] int repetition_count() const;
};

/// Reads them from the arguments and the environment. Those that the program acts on in Google
/// Benchmark's place (--benchmark_out as JSON) are taken out of both.
[[nodiscard]] BenchmarkFlags read_benchmark_flags(int argc, char** argv);

/// Whether a flag without a value is among the arguments, e.g. "--schema".
[[nodiscard]] bool has_flag(int argc, char** argv, const std::string& flag);

}  // namespace model_search
