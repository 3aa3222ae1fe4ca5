// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// Lists the first ten of the texts, and how many more there are: "a, b and 7 more".
[[nodiscard]] std::string first_ten(const std::vector<std::string>& texts);

}  // namespace model_search
