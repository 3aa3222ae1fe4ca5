// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "benchmarks/steps/row.h"
#include "benchmarks/steps/session.h"

namespace model_search {

class StepFixture;

/// The rows that are registered now, and what this process knows of them while they run.
struct RunState {
  explicit RunState(Session& read) : session(read) {}

  Session& session;
  /// The fixtures, in the order of their rows.
  std::vector<std::shared_ptr<StepFixture>> fixtures;
  /// The fixture that holds heavy objects; the next fixture makes it release them.
  StepFixture* active = nullptr;
  /// A measured row and the name of its configuration. A configuration that cuts at the same place
  /// is not measured again: its row has the same figures.
  struct Twin {
    std::string configuration;
    Row row;
  };
  std::map<std::string, Twin> measured;  ///< by StepFixture::place()
  std::size_t failures = 0;
  bool default_time_unit = true;  ///< milliseconds; false: that of --benchmark_time_unit
  /// The row whose failure made its device unusable to this process; empty where there is none.
  std::string lost_by;

  /// Rows that a signal has cut off: they are missing, not failed.
  std::set<std::string> unfinished;
  /// Whether a signal asks the run to end.
  std::function<bool()> interrupted;
  /// Is called when a row begins, and when its body has ended, whether it was measured or failed.
  std::function<void(const std::string& name)> row_begins;
  std::function<void()> row_ends;
  /// Is called now and then while a long row runs, with what it has done so far.
  std::function<void(const std::string& state)> row_goes_on;
  /// Is called when the work goes over to another row that is measured in turns.
  std::function<void(const std::string& name)> turn_begins;
  /// Is called with each measured row, once per repetition.
  std::function<void(const std::string& name, const Row& row)> row_measured;
};

}  // namespace model_search
