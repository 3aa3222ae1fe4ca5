// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "benchmarks/grid/product.h"
#include "fixtures/searching/cache_tier.h"

namespace model_search {

/// Says which tier is a row's default.
using CacheChoice = std::function<CacheTier(const Combination& row)>;

/// The rows with their default of `cache=` where --caches does not name tiers. Tails that read a
/// GPU's own memory lose the axes that are about copies from the host; a row that then equals
/// another one is left out.
[[nodiscard]] Combinations with_caches(const Combinations& rows, const Options& options,
                                       const CacheChoice& choose);

}  // namespace model_search
