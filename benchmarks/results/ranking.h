// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/product.h"
#include "benchmarks/results/outcome.h"

namespace model_search {

/// The candidates, best first, as EndToEnd rows scored them; empty without scores. The rule is that
/// of tools/results/ranking.py:
/// - Rows rank together that agree in every axis that affects features or score. Configurations of
///   a candidate have equal features, so they share a line.
/// - A joint row ranks each of its heads, but only where all of them are candidates.
/// - A candidate's accuracy is the median over its rows. Accuracies that differ by less than 0.0005
///   share a place; the loss then decides which line is first.
/// `rows` are the run's rows, by whose axes `outcomes` are told apart; `random_weights` is said in
/// the heading.
[[nodiscard]] std::string ranking_table(const Outcomes& outcomes, const Combinations& rows,
                                        bool random_weights);

}  // namespace model_search
