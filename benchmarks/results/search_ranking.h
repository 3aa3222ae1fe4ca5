// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/product.h"
#include "benchmarks/results/outcome.h"

namespace model_search {

/// The rankings that Search rows found, best candidates first, with the seconds of each search and
/// the candidates that were left out; empty without such rows. The rule, which
/// tools/results/zoo_searches.py has too:
/// - A row ranks by itself; rows of one zoo, device, features and score that found the same
/// ranking,
///   as the plans do, are printed once. Of equal plans the fastest counts.
/// - Neighbors whose `score_value` differs by less than `equal_scores` share a place, unless they
///   left a halving in different rounds.
/// `rows` are the run's rows; `random_weights` is said in the heading.
[[nodiscard]] std::string search_ranking_table(const Outcomes& outcomes, const Combinations& rows,
                                               bool random_weights);

}  // namespace model_search
