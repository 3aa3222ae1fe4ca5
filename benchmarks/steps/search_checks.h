// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/steps/row_zoo.h"
#include "fixtures/searching/zoo_search/zoo_search.h"

namespace model_search {

/// Throws std::runtime_error where the first round of a search, which has the fewest items, has too
/// few to score.
void check_first_round(const ZooToSearch& zoo, ZooBudget budget, std::size_t batch,
                       std::uint64_t seed);

/// Compares the features of one network of each architecture with the reference and returns the
/// largest distance. Throws std::runtime_error where it exceeds the tolerance.
[[nodiscard]] double check_networks(const RowSettings& row, const RowZoo& zoo);

/// Compares the features that a search found for the first batch with those of whole networks and
/// returns the largest distance from the mean item. Throws std::runtime_error that names the
/// candidate where it exceeds the tolerance: 1e-5 in eager float32 on a CPU, else the precision's.
[[nodiscard]] double check_plan(const RowSettings& row, const RowZoo& zoo,
                                const ZooSettings& settings, const ZooCosts& costs,
                                const ZooSearch& search, const ReportProgress& report);

}  // namespace model_search
