// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "benchmarks/grid/combination.h"
#include "benchmarks/grid/options.h"

namespace model_search {

/// The largest batches, by the name of the MaxBatchSize row that found them.
using LargestBatches = std::map<std::string, std::int64_t>;

/// The MaxBatchSize rows for the networks of `rows`, each once. They agree with those rows in all
/// axes that MaxBatchSize has (`search_axes`), and use the allocator of this process, as they do.
[[nodiscard]] std::vector<Combination> batch_searches(const std::vector<Combination>& rows,
                                                      const Options& options,
                                                      const std::vector<const Axis*>& search_axes);

/// The largest batch that fits at least this share of the networks (1: all of them); 0 where there
/// are none.
[[nodiscard]] std::int64_t common_batch(const std::vector<std::int64_t>& largest, double share);

/// The rows with the largest batch that fits all of `searches` on their device. Steps without a
/// network, which make their batches in host memory, take that of the first device. Throws
/// std::runtime_error where no search found a batch.
[[nodiscard]] std::vector<Combination> with_common_batch(std::vector<Combination> rows,
                                                         const std::vector<Combination>& searches,
                                                         const LargestBatches& largest);

/// Describes the result, one line per device: "Largest batch that fits all 14 networks on cuda: 812
/// (least: vit_l_16/full); 90 % of them: 1181". Empty without searches.
[[nodiscard]] std::string describe_common_batch(const std::vector<Combination>& searches,
                                                const LargestBatches& largest);

}  // namespace model_search
