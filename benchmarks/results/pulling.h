// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>

#include "benchmarks/grid/options.h"
#include "benchmarks/results/benchmark_flags.h"
#include "benchmarks/results/shard_rows.h"
#include "benchmarks/workers/pulled_rows.h"

namespace model_search {

/// Joins the workers of `--shard=auto`: starts the store where that is this process' part, waits
/// for it, takes a name, writes it into `deal.shard` and the files of `flags`. Throws
/// std::runtime_error and std::invalid_argument that name the store, or a file of an earlier run
/// that `--resume` would have to go on with.
[[nodiscard]] std::unique_ptr<PulledRows> join_workers(const Options& options,
                                                       const Combinations& rows, ShardDeal& deal,
                                                       BenchmarkFlags& flags);

/// With `--resume`: the rows in the files of all workers next to this worker's `out`, without
/// failed ones where they are measured again. Throws std::runtime_error where a file is damaged,
/// and std::invalid_argument where it has another grid, or its rows other facts_of_run().
[[nodiscard]] std::set<std::string> rows_of_workers(const Options& options, const std::string& out,
                                                    const Facts& facts);

/// What the workers of one run have in common: facts_of_run(), `--lease_limit`, after which they
/// count each other as dead, and the name of their results.
[[nodiscard]] Facts facts_of_workers(const Facts& facts, const Options& options,
                                     const std::string& out);

/// Lets the program that takes this process' place go on as the same worker.
void pass_on(const PulledRows& pulled);

}  // namespace model_search
