// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "datasets/loading/item_source.h"
#include "fixtures/searching/loader_use.h"

namespace model_search {

/// Counters of what the loader's threads did.
[[nodiscard]] std::vector<Counter> loader_counters();

/// Adds them, per batch, for items of this content. Parts that such items do not have are left
/// out. `batches` is above 0.
void add_loader_use(Row& row, const LoaderUse& use, ItemContent content, std::size_t batches);

}  // namespace model_search
