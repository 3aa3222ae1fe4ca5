// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace model_search {

/// The text of `film_reviews.grammar`, which the build copies into the library.
[[nodiscard]] std::string_view film_reviews_text();

}  // namespace model_search
