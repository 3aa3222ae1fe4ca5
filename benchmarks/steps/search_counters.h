// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "benchmarks/steps/row_zoo.h"
#include "fixtures/searching/zoo_search/parts_alone.h"
#include "fixtures/searching/zoo_search/zoo_costs.h"
#include "fixtures/searching/zoo_search/zoo_search.h"

namespace model_search {

/// The counters of Search.
[[nodiscard]] std::vector<Counter> search_counters();

/// Adds where the time of a search went, what it computed, what was predicted, and its ranking. The
/// label is `limit=<step> keeping=<how> ranking=<names from best to worst>`. `whole`: whether the
/// search computed all of it, so that it can be compared with predictions.
void add_search(Row& row, const RowZoo& zoo, const ZooSettings& settings, const ZooSearch& search,
                bool whole);

/// Adds what the parts take alone.
void add_parts_alone(Row& row, const ZooSearch& search, const PartsAlone& parts);

void add_first_seconds_of_zoo(Row& row, const ZooWarmUp& warm, double hash_seconds);

/// "Search/…: round 2 of 6, 18 candidates, 45 %, about 12 s left"
[[nodiscard]] std::string describe(const ZooProgress& progress, const std::string& name);

}  // namespace model_search
