// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/device_counters.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace model_search {

std::vector<Counter> device_counters() {
  return {
      {"devices", "devices", "", "devices that shared the row's work; the label names them"},
      {"failed_devices", "devices", "lower",
       "devices that failed and left their work to the others; the label names them"},
      {"device_seconds<n>", "s", "", "seconds in which device n of the set computed, from 0"},
      {"device_idle<n>", "share", "lower",
       "share of extract_seconds in which device n of the set did not compute"},
  };
}

void add_devices(Row& row, const std::vector<DeviceUse>& devices, double seconds) {
  auto& counters = row.counters;
  std::string names;
  std::string failed;
  std::size_t failures = 0;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const DeviceUse& use = devices[i];
    const std::string number = std::to_string(i);
    counters["device_seconds" + number] = use.busy;
    counters["device_idle" + number] = seconds > 0 ? std::max(0.0, 1 - use.busy / seconds) : 0;
    names += (i == 0 ? "" : ",") + use.name;
    if (use.failure.empty()) continue;
    failed += (failures++ == 0 ? "" : ",") + use.name;
  }
  counters["devices"] = static_cast<double>(devices.size());
  counters["failed_devices"] = static_cast<double>(failures);
  row.label += (row.label.empty() ? "devices=" : " devices=") + names;
  if (failures > 0) row.label += " failed_devices=" + failed;
}

}  // namespace model_search
