// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/row_watch.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <stop_token>
#include <utility>

#include "benchmarks/results/interruption.h"
#include "datasets/loading/waits.h"

namespace model_search {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds interval(250);
/// A check that comes this late shows that the process itself stood still (SIGSTOP, a suspended
/// machine), not its row.
constexpr std::chrono::seconds late(2);

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string shown(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g", seconds);
  return text;
}

}  // namespace

RowWatch::RowWatch(double stall_limit, Endings endings)
    : endings_(std::move(endings)),
      rule_(stall_limit),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {
  name_thread("main thread");
}

void RowWatch::begin(const std::string& row) {
  const auto lock = hold();
  row_ = row;
  begun_ = true;
  note_progress();
}

void RowWatch::end() {
  const auto lock = hold();
  row_.clear();
}

void RowWatch::watch(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  std::optional<Clock::time_point> signal;
  while (!stop.stop_requested()) {
    const Clock::time_point slept = Clock::now();
    never.wait_for(lock, stop, interval, [] { return false; });
    if (Clock::now() - slept > interval + late) note_progress();
    if (!signal && interrupted()) signal = Clock::now();
    if (!signal) {
      look_for_stall();
    } else if (seconds_since(*signal) > grace_seconds && !stop.stop_requested()) {
      end_interrupted();
    }
  }
}

void RowWatch::look_for_stall() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || row_.empty()) return;
  if (std::exchange(begun_, false)) rule_.begin_row();
  const std::vector<ThreadWait> waits = current_waits();
  const double idle = idle_seconds(waits, row_thread_, seconds_since(last_progress()));
  if (!rule_.stalled(idle)) return;
  endings_.stalled(
      row_, "no progress for " + shown(idle) + " s; " + describe(waits) +
                "; where a batch takes this long, raise --stall_limit=" + shown(rule_.limit()));
}

void RowWatch::end_interrupted() {
  // The row's thread holds the lock for a long time only where a file's system hangs.
  const std::unique_lock lock(mutex_, std::chrono::seconds(1));
  endings_.interrupted(lock ? row_ : std::string());
}

}  // namespace model_search
