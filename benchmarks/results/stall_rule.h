// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "datasets/loading/waits.h"

namespace model_search {

/// The seconds for which a row has stood still: its thread waits, and in that time no thread has
/// made progress. 0 where its thread does not wait: it computes, however long that takes.
[[nodiscard]] inline double idle_seconds(const std::vector<ThreadWait>& waits,
                                         std::thread::id thread, double since_progress) {
  const auto own = std::ranges::find(waits, thread, &ThreadWait::thread);
  return own == waits.end() ? 0 : std::min(own->seconds, since_progress);
}

/// Decides when a row is stalled: when it has stood still for longer than a limit and than five
/// times the longest pause after which the same row went on.
class StallRule {
 public:
  /// `limit`: seconds; 0: no row is ever stalled.
  explicit StallRule(double limit) : limit_(limit) {}

  void begin_row() { idle_ = longest_pause_ = 0; }
  /// Takes what idle_seconds() gives at this moment. The more often it is called, the more exactly
  /// it knows the pauses.
  [[nodiscard]] bool stalled(double idle) {
    if (idle < idle_) longest_pause_ = std::max(longest_pause_, idle_);
    idle_ = idle;
    return limit_ > 0 && idle > limit();
  }
  /// The limit for this row so far.
  [[nodiscard]] double limit() const { return std::max(limit_, 5 * longest_pause_); }

 private:
  double limit_;
  double idle_ = 0;
  double longest_pause_ = 0;
};

}  // namespace model_search
