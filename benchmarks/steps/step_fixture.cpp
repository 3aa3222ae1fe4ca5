// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/step_fixture.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "benchmarks/steps/failures.h"
#include "benchmarks/steps/fault_injection.h"
#include "benchmarks/steps/interleaving.h"
#include "benchmarks/steps/machine_counters.h"
#include "benchmarks/steps/sampling.h"
#include "benchmarks/steps/steps.h"
#include "datasets/text/printable.h"
#include "fixtures/devices/machine_watch.h"
#include "fixtures/measuring/stopwatch.h"

namespace model_search {

void StepFixture::require_device() const {
  if (run_.lost_by.empty() || !device().is_cuda()) return;
  throw std::runtime_error(
      "not measured: the GPU is unusable to this process after the failure of " + run_.lost_by +
      "; with --benchmark_out the run continues in a new process");
}

Row StepFixture::run() {
  require_device();
  inject_fault(combination().name());
  if (options().interleave && !interleaving_group().empty()) {
    if (!turns_) measure_in_turns(run_, *this);
    note_turn();
    if (!failure_.empty()) throw std::runtime_error(failure_);
    require_device();
    return row_of_turns();
  }
  const HostClock clock;
  if (run_.active != this) {
    if (run_.active != nullptr) run_.active->release();
    run_.active = nullptr;
    set_up();
    run_.active = this;
  }
  Row row = watch();
  row.counters["row_seconds"] = clock.seconds();
  return row;
}

void StepFixture::set_up() {
  const HostClock clock;
  // Rows that do not read activations in a GPU's memory find that memory without any.
  const Combination& row = combination();
  if (!row.has(axes().cache) || !row.is(axes().cache, "device")) {
    session().memory.release_devices();
  }
  set_up_device();
  prepare();
  setup_seconds_ = clock.seconds();
}

void StepFixture::note_turn() const {
  if (run_.turn_begins) run_.turn_begins(combination().name());
}

bool StepFixture::begin_turns() {
  try {
    note_turn();
    inject_fault(combination().name());
    set_up();
    warm_up_turns();
    return true;
  } catch (...) {
    fail();
    return false;
  }
}

bool StepFixture::take_turn() {
  try {
    note_turn();
    set_up_device();
    return measure_turn();
  } catch (...) {
    fail();
    return false;
  }
}

Row StepFixture::row_of_turns() {
  set_up_device();
  Row row = measure();
  row.counters["interleaved_with"] = static_cast<double>(turns_->others);
  row.counters["rounds"] = static_cast<double>(turns_->rounds);
  // The energy was that of all rows, so this row reports none.
  add_machine_use(row, turns_->machine, 0);
  add_timer_cost(row);
  row.counters["setup_seconds"] = setup_seconds_;
  release();
  return row;
}

bool StepFixture::waits_for_report() const {
  return turns_ && failure_.empty() && !run_.measured.contains(place());
}

void StepFixture::give_up() const {
  run_.unfinished.insert(combination().name());
  throw std::runtime_error("interrupted");
}

void StepFixture::note_failed(const std::vector<DeviceUse>& devices, std::string_view what) const {
  for (const DeviceUse& use : devices) {
    if (use.failure.empty()) continue;
    note(combination().name() + ": the device " + use.name + " failed and left its " +
         std::string(what) + " to the others: " + use.failure);
    ++run_.failures;
  }
}

void StepFixture::fail() {
  failure_ = describe_failure(combination(), session().data);
  if (!run_.unfinished.contains(combination().name())) ++run_.failures;
  clean_up();
}

Row StepFixture::watch() {
  const GpuMonitor* monitor = gpu_monitor(device());
  const HostClock clock;
  const auto measured = [&] {
    MachineWatch watch(monitor);
    Row row = measure();
    const MachineUse use = watch.end();
    add_machine_use(row, use, batch());
    add_timer_cost(row);
    return std::pair(std::move(row), use.throttled());
  };
  auto [row, throttled] = measured();
  if (throttled && 2 * clock.seconds() < options().sampling.time_budget) {
    std::tie(row, throttled) = measured();
    row.counters["remeasured"] = 1;
  }
  row.counters["setup_seconds"] = setup_seconds_;
  return row;
}

void StepFixture::add_timer_cost(Row& row) const {
  if (row.samples.measured.empty()) return;
  const TimerCost cost = timer_cost(device());
  row.counters["timer_lap_seconds"] = cost.lap;
  row.counters["timer_mark_seconds"] = cost.mark;
}

std::string StepFixture::place() const {
  if (combination().configuration.empty()) return combination().name();
  Combination place = combination();
  place.configuration = configuration().full()
                            ? "full"
                            : (configuration().joint() ? "joint " : "") +
                                  std::to_string(configuration().tail_blocks(architecture()));
  return place.name();
}

Row StepFixture::measure_or_copy() {
  if (combination().configuration.empty()) return run();
  const std::string name = place();
  const auto twin = run_.measured.find(name);
  if (twin != run_.measured.end() && twin->second.configuration != combination().configuration) {
    Row row = twin->second.row;
    row.label = "same_cut_as=" + twin->second.configuration;
    return row;
  }
  Row row = run();
  run_.measured[name] = {combination().configuration, row};
  return row;
}

void StepFixture::BenchmarkCase(benchmark::State& state) {
  const c10::InferenceMode inference;
  if (run_.row_begins) run_.row_begins(combination().name());
  Row row;
  for (auto _ : state) {
    if (failure_.empty()) {
      try {
        row = measure_or_copy();
        row.counters["row_version"] = step_of(combination().step).row_version;
        if (run_.row_measured) run_.row_measured(combination().name(), row);
        state.SetIterationTime(row.seconds);
      } catch (...) {
        // A failure during its turns is counted already.
        if (failure_.empty()) fail();
      }
    }
    if (!failure_.empty()) {
      // Inside the loop, in every repetition: 1.7.1 aborts when one of several repetitions fails.
      state.SkipWithError(failure_.c_str());
      break;
    }
  }
  if (run_.row_ends) run_.row_ends();
  if (!failure_.empty()) return;
  for (const auto& [name, value] : row.counters) {
    if (std::isfinite(value)) state.counters[name] = value;
  }
  if (!row.label.empty()) state.SetLabel(row.label);
}

void StepFixture::clean_up() {
  const bool lost = std::ranges::any_of(
      is_device_set(combination().device) ? devices().devices() : std::vector{device()},
      [](const Device& own) { return is_lost(own); });
  if (run_.lost_by.empty() && (lost || simulated_loss())) {
    run_.lost_by = combination().name();
  }
  try {
    if (run_.active == nullptr || run_.active == this) release();
    run_.active = nullptr;
    if (run_.lost_by.empty()) release_cached_memory(device());
  } catch (const std::exception&) {
    // A lost device cannot give anything back; its failure is reported already.
    run_.active = nullptr;
  }
}

}  // namespace model_search
