// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "fixtures/measuring/stopwatch.h"

namespace model_search {

/// Shows a person at a terminal how many combinations have run, the elapsed time and the time
/// expected. Prints nothing where stderr is not a terminal.
class Progress {
 public:
  Progress();
  void expect(std::size_t combinations) { all_ = combinations; }
  /// Is called when a combination runs; only the first call for each counts.
  void begin(const std::string& name);
  /// Removes the line, so that a result can be printed.
  void clear() const;

 private:
  bool terminal_ = false;
  std::size_t all_ = 0;
  std::set<std::string> seen_;
  HostClock clock_;
};

}  // namespace model_search
