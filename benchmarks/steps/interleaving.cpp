// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/interleaving.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/steps/run_state.h"
#include "benchmarks/steps/step_fixture.h"
#include "fixtures/devices/device.h"
#include "fixtures/devices/machine_watch.h"

namespace model_search {
namespace {

/// The share of the device's memory that the prepared rows may take together, so that there is room
/// for their forward passes.
constexpr double most_memory = 0.5;

bool room_for_more(const Device& device) {
  return !device.is_cuda() || memory_in_use(device) < most_memory;
}

/// Prepares and warms up rows. The result includes `first` unless it failed.
std::vector<StepFixture*> begin(RunState& run, StepFixture& first) {
  std::vector<StepFixture*> begun;
  std::set<std::string> places;
  for (const auto& fixture : run.fixtures) {
    const bool own = fixture.get() == &first;
    if (fixture->ended_turns() || fixture->interleaving_group() != first.interleaving_group())
      continue;
    // Rows that cut at the same place are measured once. Those measured before are copied.
    if (run.measured.contains(fixture->place()) || !places.insert(fixture->place()).second) {
      continue;
    }
    if (!own && !room_for_more(fixture->device())) continue;
    if (fixture->begin_turns()) begun.push_back(fixture.get());
    if (!run.lost_by.empty()) break;
  }
  return begun;
}

}  // namespace

void measure_in_turns(RunState& run, StepFixture& first) {
  if (run.active != nullptr) run.active->release();
  run.active = nullptr;
  const std::vector<StepFixture*> all = begin(run, first);
  std::mt19937_64 random(run.session.options.seed);
  std::vector<StepFixture*> waiting = all;
  std::size_t rounds = 0;
  MachineWatch watch(all.empty() ? nullptr : gpu_monitor(first.device()));
  while (!waiting.empty() && run.lost_by.empty()) {
    ++rounds;
    std::shuffle(waiting.begin(), waiting.end(), random);
    std::erase_if(waiting, [](StepFixture* row) { return !row->take_turn(); });
  }
  const MachineUse machine = watch.end();
  for (StepFixture* row : all) row->end_turns({all.size() - 1, rounds, machine});
}

std::string filter_of_waiting(const RunState& run) {
  constexpr std::string_view special = ".[]{}()*+?^$|\\";
  std::string names;
  for (const auto& fixture : run.fixtures) {
    if (!fixture->waits_for_report()) continue;
    if (!names.empty()) names += '|';
    for (const char letter : fixture->name()) {
      if (special.find(letter) != std::string_view::npos) names += '\\';
      names += letter;
    }
  }
  return names.empty() ? names : "^(" + names + ")$";
}

}  // namespace model_search
