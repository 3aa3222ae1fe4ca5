// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
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
  /// In the order of their rows.
  std::vector<std::shared_ptr<StepFixture>> fixtures;
  /// The fixture that holds heavy objects: the next one makes it let go of them.
  StepFixture* active = nullptr;
  /// A row that was measured, under the name of its configuration. Another configuration that cuts
  /// at the same place is not measured again: it shows the same row.
  struct Twin {
    std::string configuration;
    Row row;
  };
  std::map<std::string, Twin> measured;  ///< by StepFixture::place()
  std::size_t failures = 0;
  /// The row whose failure made its device unusable to this process; empty for none.
  std::string lost_by;

  /// Called when a row begins, and when its body has ended, measured or failed.
  std::function<void(const std::string& name)> row_begins;
  std::function<void()> row_ends;
  /// Called with the samples of each row that was measured.
  std::function<void(const std::string& name, const Samples& samples)> row_measured;
};

}  // namespace model_search
