// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"

namespace model_search {

/// Counters of rows that sample batches, and of how they were measured.
[[nodiscard]] std::vector<Counter> sampling_counters();

/// Adds the statistics of a row's batches, in seconds, and sets Row::seconds to their mean.
/// `items_per_batch` is 0 where a batch has no items.
void add_statistics(Row& row, const Samples& samples, std::size_t items_per_batch);

}  // namespace model_search
