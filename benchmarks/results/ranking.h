// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/product.h"
#include "benchmarks/results/outcome.h"

namespace model_search {

/// Scores that differ by less are shown as one.
constexpr double equal_scores = 0.0005;

/// `accuracy  87.5 %  loss 0.1234` or `score 1.3`; a NaN loss is one that the score lacks.
[[nodiscard]] std::string score_text(double value, double loss, bool accuracy);

/// The candidates, best first, as EndToEnd rows scored them; empty without scores. The rule,
/// which tools/results/ranking.py has too:
/// - Rows rank together that agree in every axis that affects features or score. Configurations of
///   a candidate have equal features, so they share a line.
/// - A joint row ranks each of its heads, but only where all of them are candidates and scored.
/// - `score_value` ranks; a candidate has the median over its rows. Values that differ by less than
///   0.0005 share a place. The lower median loss decides which of two equal values is the first
///   line.
/// `rows` are the run's rows, by whose axes `outcomes` are distinguished; `random_weights` is said
/// in the heading.
[[nodiscard]] std::string ranking_table(const Outcomes& outcomes, const Combinations& rows,
                                        bool random_weights);

}  // namespace model_search
