// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "fixtures/devices/machine_watch.h"

namespace model_search {

/// Counters of what the machine did while a row was measured.
[[nodiscard]] std::vector<Counter> machine_counters();

/// Adds these counters. Reasons of throttling go into the label. A value that the driver does not
/// report has no counter.
void add_machine_use(Row& row, const MachineUse& use, std::size_t items_per_batch);

}  // namespace model_search
