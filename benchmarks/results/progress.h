// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "fixtures/measuring/stopwatch.h"

namespace model_search {

/// When a log gets another line on one row: after 10 s, then at intervals that double, up to a
/// minute.
class LogTimes {
 public:
  /// Whether a line is due, `seconds` after the row began. Each line is due once.
  [[nodiscard]] bool due(double seconds);

 private:
  double wait_ = 10;
  double next_ = 10;
};

/// Shows a person at a terminal how many combinations have run, the elapsed time and the time
/// expected, in one line that changes. Where stderr is not a terminal, only what a long row has
/// done is printed, ever less often and at least once a minute.
class Progress {
 public:
  Progress();
  void expect(std::size_t combinations) { all_ = combinations; }
  /// Is called when a combination runs; only the first call for each counts.
  void begin(const std::string& name);
  /// Says what the row has done so far. A row may call it at any rate.
  void go_on(const std::string& state);
  /// Removes the line, so that a result can be printed.
  void clear() const;

 private:
  /// Replaces the line. A longer text than the terminal is wide would stay there as another line.
  void show(const std::string& text) const;

  bool terminal_ = false;
  std::size_t all_ = 0;
  std::set<std::string> seen_;
  LogTimes times_;
  HostClock row_;
  HostClock clock_;
};

}  // namespace model_search
