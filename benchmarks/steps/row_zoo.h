// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/steps/row_settings.h"
#include "fixtures/searching/zoo_search/zoo_search.h"

namespace model_search {

/// The candidates of a Search row, the data that they read, and who takes no part.
struct RowZoo {
  std::vector<std::string> names;               ///< of all candidates, in the order of the zoo
  std::vector<InputSettings> inputs;            ///< of each group
  std::map<std::size_t, std::string> failures;  ///< why a candidate takes no part, by its place
  std::unique_ptr<ZooToSearch> zoo;
  Placement placement{Device{}};  ///< of all networks
};

/// Opens the checkpoints of the row's candidates and groups those that read the same input. Throws
/// std::runtime_error with the first reason where no candidate can take part.
[[nodiscard]] RowZoo zoo_of(const RowSettings& row);

/// The row's settings as those of a single candidate.
[[nodiscard]] RowSettings settings_of(const RowSettings& row, const std::string& candidate);

}  // namespace model_search
