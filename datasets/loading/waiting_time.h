// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace model_search {

/// Seconds that several threads have spent waiting, all together, those that wait now included.
/// Its owner's lock guards it.
class WaitingTime {
 public:
  void begin() {
    ++waiting_;
    sum_ -= now();
  }
  void end() {
    --waiting_;
    sum_ += now();
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(sum_ + waiting_ * now()).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] Clock::duration now() const { return Clock::now() - origin_; }

  Clock::time_point origin_ = Clock::now();
  int waiting_ = 0;
  /// The times at which threads ended waiting less those at which they began. Who is who need not
  /// be known: for a thread that waits, seconds() stands in for its end.
  Clock::duration sum_{};
};

}  // namespace model_search
