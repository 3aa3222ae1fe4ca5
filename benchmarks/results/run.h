// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "benchmarks/results/benchmark_flags.h"
#include "benchmarks/results/outcome.h"
#include "benchmarks/results/result_file.h"
#include "benchmarks/steps/steps.h"

namespace model_search {

/// What is measured: the searches for the common batch size, if it was asked for, then the rows.
struct Plan {
  Combinations searches;
  Combinations rows;

  /// All rows that an earlier run's `names` lack.
  [[nodiscard]] std::size_t missing(const std::set<std::string>& names) const;
};

/// How a run ended.
enum class RunEnd { all_measured, interrupted, not_written };

/// A run's end, and the outcomes of its rows and of those of the earlier run.
struct RunResult {
  RunEnd end = RunEnd::all_measured;
  std::size_t failures = 0;  ///< rows that failed, in this run or the earlier one
  Outcomes outcomes;
  Combinations rows;  ///< those of the plan, with the common batch size
};

/// Measures what `earlier` lacks of the plan, and writes all rows to `flags.out` where it is given.
/// After a failure that made the GPU unusable to this process, and with `flags.out`, the program
/// `command` is started again in its place and goes on there.
[[nodiscard]] RunResult measure(Session& session, Plan plan, const BenchmarkFlags& flags,
                                EarlierResults earlier, const std::vector<std::string>& command);

}  // namespace model_search
