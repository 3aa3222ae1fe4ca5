// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "fixtures/measuring/stopwatch.h"

namespace model_search {

/// Tells a person at a terminal which combination of how many runs, the time it took so far and
/// the time expected. Prints nothing where stderr is no terminal.
class Progress {
 public:
  Progress();
  void expect(std::size_t combinations) { all_ = combinations; }
  /// Called when a combination runs; only its first call counts.
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
