// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/combination.h"
#include "fixtures/searching/data_sets.h"

namespace model_search {

/// What a row says of the exception that is being handled: one line, without LibTorch's C++ stack.
/// Of a damaged file it names all others of its data set as well.
[[nodiscard]] std::string describe_failure(const Combination& row, DataSets& data);

}  // namespace model_search
