// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "benchmarks/results/stall_rule.h"

namespace model_search {

/// Ends a run whose row would never end. A thread checks four times a second whether the row is
/// stalled (StallRule) and whether the time after the first SIGINT or SIGTERM is over. The row's
/// own thread hangs then and cannot be unwound, so the watching thread ends the process, or
/// replaces it.
class RowWatch {
 public:
  /// The seconds in which a row may finish after the first signal.
  static constexpr double grace_seconds = 7;

  /// What ends the run, called by the watching thread. While it runs, the row's thread cannot leave
  /// the row, so that what it uses between rows (the file, the display) is free. Neither returns.
  struct Endings {
    std::function<void(const std::string& row, const std::string& why)> stalled;
    /// The row is empty where none runs, e.g. while results are written: then the file and the
    /// display are in use.
    std::function<void(const std::string& row)> interrupted;
  };

  /// Watches the rows of the calling thread.
  RowWatch(double stall_limit, Endings endings);
  RowWatch(const RowWatch&) = delete;
  RowWatch& operator=(const RowWatch&) = delete;

  /// A row begins, or goes on after another one had its turn.
  void begin(const std::string& row);
  void end();
  /// While the result lives, no row is ended.
  [[nodiscard]] std::unique_lock<std::timed_mutex> hold() { return std::unique_lock(mutex_); }

 private:
  void watch(const std::stop_token& stop);
  void look_for_stall();
  void end_interrupted();

  const std::thread::id row_thread_ = std::this_thread::get_id();
  const Endings endings_;
  StallRule rule_;          // used by the watching thread only
  std::timed_mutex mutex_;  // guards what follows
  std::string row_;
  bool begun_ = false;   ///< since the watching thread looked
  std::jthread thread_;  // Is last: it uses the other members.
};

}  // namespace model_search
