// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/machine_counters.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fixtures/devices/power_cap.h"

namespace model_search {
namespace {

/// The shortest measurement with an energy counter, which changes every 20 to 100 ms: below it the
/// unknown rest would be a large share.
constexpr double least_energy_seconds = 1;

/// The values that the driver reported, in their order.
std::vector<double> reported(const std::vector<GpuState>& states,
                             const std::function<double(const GpuState&)>& field) {
  std::vector<double> values;
  for (const GpuState& state : states) {
    if (field(state) >= 0) values.push_back(field(state));
  }
  return values;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

void add_gpu(Row& row, const std::vector<GpuState>& states, double items, double seconds) {
  std::vector<GpuState> busy = during(states);
  if (busy.empty()) busy = states;
  const auto add = [&row](const std::string& name, const std::vector<double>& values,
                          const std::function<double(const std::vector<double>&)>& fold) {
    if (!values.empty()) row.counters[name] = fold(values);
  };
  const auto least = [](const std::vector<double>& v) {
    return *std::min_element(v.begin(), v.end());
  };
  const auto most = [](const std::vector<double>& v) {
    return *std::max_element(v.begin(), v.end());
  };
  const auto growth = [](const std::vector<double>& v) { return v.back() - v.front(); };
  const auto sm_clock = reported(busy, [](const GpuState& s) { return s.sm_clock; });
  add("gpu_sm_clock", sm_clock, mean);
  add("gpu_sm_clock_min", sm_clock, least);
  add("gpu_memory_clock", reported(busy, [](const GpuState& s) { return s.memory_clock; }), mean);
  add("gpu_temperature", reported(states, [](const GpuState& s) { return s.temperature; }), most);
  add("gpu_power", reported(busy, [](const GpuState& s) { return s.power; }), mean);
  add("gpu_other_processes",
      reported(states, [](const GpuState& s) { return static_cast<double>(s.other_processes); }),
      most);
  add("gpu_ecc_errors",
      reported(states,
               [](const GpuState& s) {
                 return s.corrected_errors < 0
                            ? -1
                            : s.corrected_errors + std::max(0.0, s.uncorrected_errors);
               }),
      growth);
  const auto energy = reported(states, [](const GpuState& s) { return s.energy; });
  if (energy.size() > 1 && items > 0 && seconds >= least_energy_seconds) {
    row.counters["joules_per_item"] = growth(energy) / items;
  }
  std::uint64_t reasons = 0;
  for (const GpuState& state : states) reasons |= state.reasons;
  row.counters["throttled"] = is_throttled(reasons) ? 1 : 0;
  if (const auto capped = ran_at_power_limit(states))
    row.counters["power_capped"] = *capped ? 1 : 0;
  if (is_throttled(reasons)) {
    row.label += (row.label.empty() ? "" : " ") + ("throttled: " + describe_reasons(reasons));
  }
}

}  // namespace

std::vector<Counter> machine_counters() {
  return {
      {"noisy", "flag", "lower",
       "1 where other processes or other virtual machines took more than a twentieth of the "
       "processors while the row ran"},
      {"cpu_others", "share", "lower",
       "share of the processors that other processes took while the row ran"},
      {"cpu_steal", "share", "lower",
       "share of the processors that other virtual machines took while the row ran"},
      {"neighbors", "processes", "lower",
       "other processes of this program on the machine, such as tasks of the same array, when the "
       "row began or ended"},
      {"shared", "flag", "lower",
       "1 where other processes of this program ran on the machine, or any other on the GPU"},
      {"throttled", "flag", "lower",
       "1 where the GPU lowered its clocks for heat or power supply while the row ran"},
      {"power_capped", "flag", "",
       "1 where the GPU ran at 95 % of its power limit or more, on average or in half of the "
       "samples"},
      {"gpu_sm_clock", "Hz", "", "mean clock of the GPU's multiprocessors while the row ran"},
      {"gpu_sm_clock_min", "Hz", "", "lowest clock of the GPU's multiprocessors while the row ran"},
      {"gpu_memory_clock", "Hz", "", "mean clock of the GPU's memory while the row ran"},
      {"gpu_temperature", "°C", "", "highest temperature of the GPU while the row ran"},
      {"gpu_power", "W", "", "mean of the samples of the GPU's power while the row ran"},
      {"gpu_other_processes", "processes", "lower",
       "most other processes that used the GPU while the row ran"},
      {"gpu_ecc_errors", "errors", "lower", "memory errors that the GPU counted while the row ran"},
      {"joules_per_item", "J/item", "lower", "energy of the GPU over the items of the row"},
  };
}

void add_machine_use(Row& row, const MachineUse& use, std::size_t items_per_batch) {
  if (use.cpu.seconds >= least_cpu_seconds) {
    row.counters["cpu_others"] = use.cpu.others;
    row.counters["cpu_steal"] = use.cpu.steal;
    row.counters["noisy"] = is_noisy(use.cpu) ? 1 : 0;
  }
  const bool gpu_shared =
      std::ranges::any_of(use.gpu, [](const GpuState& state) { return state.other_processes > 0; });
  row.counters["neighbors"] = static_cast<double>(use.neighbors);
  row.counters["shared"] = use.neighbors > 0 || gpu_shared ? 1 : 0;
  if (use.gpu.empty()) return;
  const auto items = static_cast<double>(row.samples.runs * items_per_batch);
  add_gpu(row, use.gpu, items, use.cpu.seconds);
}

}  // namespace model_search
