// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "benchmarks/grid/combination.h"

namespace model_search {

/// What a row says of the exception that is being handled: one line, without LibTorch's C++ stack.
[[nodiscard]] std::string describe_failure(const Combination& row);

/// The text with spaces in place of line breaks and tabs, which Google Benchmark 1.7.1 writes into
/// JSON as they are.
[[nodiscard]] std::string one_line(std::string text);

}  // namespace model_search
