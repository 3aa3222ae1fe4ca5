// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace model_search {

/// Seconds that several threads together have spent waiting, including the threads that wait now.
/// The owner's lock must guard it.
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
  /// The sum of the times at which threads ended waiting, minus the times at which they began.
  /// Which thread it was does not matter: for each thread that still waits, seconds() adds the
  /// present time.
  Clock::duration sum_{};
};

}  // namespace model_search
