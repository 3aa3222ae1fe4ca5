// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/product.h"
#include "benchmarks/results/outcome.h"

namespace model_search {

/// Ranks the candidates by the scores of EndToEnd rows, best first; empty without scores.
/// tools/results/ranking.py has the same rule:
/// - Rows rank together where they agree in every axis that affects features or score.
///   Configurations of a candidate have equal features, so they share a line.
/// - A joint row ranks each of its heads, but only where all of them are candidates.
/// - A candidate's accuracy is the median over its rows. Accuracies that differ by less than 0.0005
///   share a place; the loss then decides which line is first.
/// The axes of `rows`, the run's rows, decide which `outcomes` rank together. With `random_weights`
/// the heading says so.
[[nodiscard]] std::string ranking_table(const Outcomes& outcomes, const Combinations& rows,
                                        bool random_weights);

}  // namespace model_search
