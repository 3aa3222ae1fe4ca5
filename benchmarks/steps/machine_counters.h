// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "benchmarks/steps/row.h"
#include "fixtures/devices/machine_watch.h"

namespace model_search {

/// What the machine was doing, as counters of a row: `cpu_others` and `cpu_steal` (shares of the
/// allowed processors' time), `noisy`; of a GPU `gpu_sm_clock` (mean, Hz) and `gpu_sm_clock_min`,
/// `gpu_memory_clock`, `gpu_temperature` (highest, °C), `gpu_power` (mean, W), `joules_per_item`,
/// `throttled`, `power_capped`, `gpu_other_processes` (most) and `gpu_ecc_errors` (new ones).
/// Reasons of throttling go into the label. What the driver does not tell has no counter.
void add_machine_use(Row& row, const MachineUse& use, std::size_t items_per_batch);

}  // namespace model_search
