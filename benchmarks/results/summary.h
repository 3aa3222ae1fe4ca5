// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "fixtures/devices/environment.h"

namespace model_search {

/// Three lines for the terminal before the table: the program and the machine, the data and the
/// weights, the rows and where they go. `out` is the file of results; empty: none. Everything else
/// that the numbers depend on is in the file's context.
[[nodiscard]] std::string summarize_run(const Facts& facts, std::size_t rows,
                                        const std::string& out);

}  // namespace model_search
