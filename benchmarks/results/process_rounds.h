// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/grid/options.h"
#include "benchmarks/results/benchmark_flags.h"
#include "benchmarks/results/exit_code.h"

namespace model_search {

/// Where process `number` (from 1) of a run with `--processes` and this file of results writes its
/// own: `RESULTS.processes/<number>.json` for `RESULTS.json`.
[[nodiscard]] std::filesystem::path results_of_process(const std::filesystem::path& results,
                                                       int number);

/// Throws std::invalid_argument where `--processes` does not go together with other flags.
void check_processes(const Options& options, const BenchmarkFlags& flags);

/// Runs the program `command` in as many fresh processes, one after another, as `--processes` says.
/// Each measures every row once, so that the rows take turns. After each process, `flags.out` has
/// the rows of all processes so far (merge_rounds()). A process that is killed costs the rows that
/// it lacks. Passes SIGINT and SIGTERM on. Returns the worst exit code of the processes. Throws
/// std::invalid_argument where `flags.out` cannot be merged into.
[[nodiscard]] ExitCode measure_in_processes(const std::vector<std::string>& command,
                                            const Options& options, const BenchmarkFlags& flags);

}  // namespace model_search
