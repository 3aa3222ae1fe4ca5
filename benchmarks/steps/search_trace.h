// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "benchmarks/steps/row_zoo.h"

namespace model_search {

/// Writes what ran when in a search as `directory/<row>.json`, with every character of the row's
/// name outside of [A-Za-z0-9=._-] replaced by `_`. The file has Chrome's trace format (complete
/// events in microseconds), which https://ui.perfetto.dev opens, and next to the events the row's
/// name, its seconds, and its `segments`: of each its parent, its stages [first, last), whether it
/// ends with the head, its architecture, its candidates and its seconds. Throws std::runtime_error
/// that names the file.
void write_trace(const std::filesystem::path& directory, const std::string& row, const RowZoo& zoo,
                 const ZooSearch& search);

}  // namespace model_search
