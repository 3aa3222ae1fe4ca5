// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "benchmarks/results/benchmark_flags.h"
#include "benchmarks/results/outcome.h"
#include "benchmarks/results/result_file.h"
#include "benchmarks/steps/steps.h"
#include "benchmarks/workers/pulled_rows.h"

namespace model_search {

/// What is measured: the searches for the common batch size, where the user wants it, then the
/// rows.
struct Plan {
  Combinations searches;
  Combinations rows;

  /// All rows of the plan that are not among an earlier run's `names`.
  [[nodiscard]] std::size_t missing(const std::set<std::string>& names) const;
};

/// How a run ended.
enum class RunEnd { all_measured, interrupted, not_written };

/// How a run ended, and the outcomes of its rows and of those of the earlier run.
struct RunResult {
  RunEnd end = RunEnd::all_measured;
  std::size_t failures = 0;  ///< rows that failed, in this run or the earlier one
  Outcomes outcomes;
  Combinations rows;  ///< the plan's rows, with the common batch size; of workers' the own ones
};

/// Measures the rows of the plan that `earlier` lacks, and writes all rows to `flags.out` where it
/// is given. The table begins with `summary`. Where a failure makes the GPU unusable to this
/// process and `flags.out` is given, starts the program `command` again in its place, which
/// continues there. Where `pulled` is not nullptr, it says which rows of the plan are measured
/// here, and the run ends as an interrupted one where its store is lost.
[[nodiscard]] RunResult measure(Session& session, Plan plan, const BenchmarkFlags& flags,
                                EarlierResults earlier, const std::string& summary,
                                const std::vector<std::string>& command,
                                PulledRows* pulled = nullptr);

}  // namespace model_search
