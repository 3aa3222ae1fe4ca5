// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/combination.h"
#include "benchmarks/session.h"
#include "fixtures/environment.h"

namespace model_search {

/// What the numbers depend on, for Google Benchmark's context: the environment, the data, the
/// candidates' weights and every option in force. Lists the data set (and makes the default
/// one); throws std::runtime_error where it cannot be read.
[[nodiscard]] Facts describe_run(Session& session, const std::vector<Combination>& combinations);

}  // namespace model_search
