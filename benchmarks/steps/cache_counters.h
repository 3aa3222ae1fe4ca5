// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "fixtures/searching/activations.h"

namespace model_search {

/// Adds what the cache of a trunk costs and how much it holds. When it pays follows from this row
/// and the full network's.
void add_cache(Row& row, const CachedActivations& cached, CacheTier tier);
/// Adds the rate of reading a cache on disk `times` times in so many seconds; nothing for memory.
void add_cache_rate(Row& row, const CachedActivations& cached, CacheTier tier, double times,
                    double seconds);

[[nodiscard]] std::vector<Counter> cache_counters();

}  // namespace model_search
