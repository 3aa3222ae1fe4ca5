// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "benchmarks/grid/combination.h"
#include "benchmarks/steps/session.h"
#include "fixtures/searching/cache_tier.h"

namespace model_search {

/// The default of `cache=`: the fastest tier that holds the activations of all items of the row.
/// Rows with a cold page cache read the disk. Builds and loads nothing; where the row's candidate
/// or data cannot be read, which the row reports, the size counts as 0.
[[nodiscard]] CacheTier fastest_cache(Session& session, const Combination& row);

}  // namespace model_search
