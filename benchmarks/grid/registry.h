// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "benchmarks/grid/combination.h"
#include "benchmarks/grid/options.h"
#include "benchmarks/steps/session.h"

namespace model_search {

/// The product of all axes, step by step, in the order in which a search runs the steps and so
/// that the rows of one network stand together. Builds and loads nothing.
[[nodiscard]] std::vector<Combination> combinations(const Options& options);

/// Registers each combination with Google Benchmark. The fixtures live until the process ends.
void register_combinations(const std::vector<Combination>& combinations, Session& session);

/// Those whose name Google Benchmark's filter selects (`-` in front inverts it). Throws
/// std::invalid_argument for a malformed regular expression.
[[nodiscard]] std::vector<Combination> filtered(const std::vector<Combination>& combinations,
                                                const std::string& filter);

}  // namespace model_search
