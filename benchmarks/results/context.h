// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/grid/combination.h"
#include "benchmarks/steps/session.h"
#include "fixtures/devices/environment.h"

namespace model_search {

/// What the numbers depend on, for Google Benchmark's context: the environment, the data, the
/// candidates' weights and every option in force. Lists the data set (and makes the default
/// one); throws std::runtime_error where it cannot be read.
[[nodiscard]] Facts describe_run(Session& session, const std::vector<Combination>& combinations);

}  // namespace model_search
