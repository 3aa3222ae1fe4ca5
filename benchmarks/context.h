// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "benchmarks/combination.h"
#include "benchmarks/session.h"

namespace model_search {

/// Writes into Google Benchmark's context what the numbers depend on: the environment, the data,
/// the candidates' weights and every option in force. Lists the data set (and makes the default
/// one); throws std::runtime_error where it cannot be read.
void add_context(Session& session, const std::vector<Combination>& combinations);

}  // namespace model_search
