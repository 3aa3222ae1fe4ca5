// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/combination.h"

namespace model_search {

/// What a row says of the exception that is being handled: one line, without LibTorch's C++ stack.
[[nodiscard]] std::string describe_failure(const Combination& row);

}  // namespace model_search
