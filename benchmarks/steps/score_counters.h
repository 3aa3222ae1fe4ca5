// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "fixtures/searching/scores/score.h"

namespace model_search {

/// Counters of rows that score features.
[[nodiscard]] std::vector<Counter> score_counters();

/// Adds what `score` says; figures that it does not have are left out. `head`: of a joint row, the
/// number of the head, which their names then bear.
void add_score(Row& row, const Score& score, const ScoreResult& result,
               const std::string& head = "");

}  // namespace model_search
