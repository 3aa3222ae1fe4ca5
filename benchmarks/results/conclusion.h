// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/product.h"
#include "benchmarks/results/outcome.h"

namespace model_search {

/// What a run of searches ends with, in at most 15 lines: for each device how long the fastest rows
/// took and which step took most of that; the rankings; and, where there is a file of results, the
/// command that says what to change. Empty where no row is of EndToEnd or Search.
[[nodiscard]] std::string conclusion(const Outcomes& outcomes, const Combinations& rows,
                                     bool random_weights, const std::string& out);

}  // namespace model_search
