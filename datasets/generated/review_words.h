// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

/// Every word that write_review() can write, in the spelling it has there and in lower case, and
/// every punctuation mark; in byte order. A word is a run of letters and digits.
[[nodiscard]] std::vector<std::string> review_words();

}  // namespace model_search
