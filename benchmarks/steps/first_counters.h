// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "fixtures/devices/device.h"
#include "fixtures/searching/warm_up.h"

namespace model_search {

/// Counters of what was done for the first time, outside of what is measured.
[[nodiscard]] std::vector<Counter> first_counters();

void add_first_seconds(Row& row, const FirstSeconds& seconds, const Device& device);

}  // namespace model_search
