// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "benchmarks/steps/counter.h"

namespace model_search {

/// Counters of rows that were measured in several processes.
[[nodiscard]] std::vector<Counter> process_counters();

/// Merges Google Benchmark JSON of the same rows from several processes. Of each row it takes that
/// of the process with the median seconds per iteration (of two the faster), and adds
/// process_counters(). A row that failed everywhere stays a failed row. Rows are in the order in
/// which they occur, the context is that of the first document. Throws nlohmann::json::exception
/// for other documents.
[[nodiscard]] nlohmann::ordered_json merge_rounds(
    const std::vector<nlohmann::ordered_json>& documents);

}  // namespace model_search
