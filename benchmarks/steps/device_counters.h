// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/row.h"
#include "fixtures/searching/search_device.h"

namespace model_search {

/// The counters of rows on several devices.
[[nodiscard]] std::vector<Counter> device_counters();

/// Adds what each of several devices did in the `seconds` of an extraction, and to the label
/// ` devices=<names>` and ` failed_devices=<names>`.
void add_devices(Row& row, const std::vector<DeviceUse>& devices, double seconds);

}  // namespace model_search
