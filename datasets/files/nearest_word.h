// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace model_search {

/// The smallest number of letters to insert, delete, replace or swap with their neighbor that makes
/// one word of the other, whatever their case (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word of `known` that is nearest to `word`; empty where none is near: one change for every
/// three letters, at most three in all.
[[nodiscard]] std::string nearest_word(std::string_view word,
                                       const std::vector<std::string>& known);

/// "; did you mean 'resnet18'?", to end a message about an unknown word; empty where none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                                       std::string_view before = "");

}  // namespace model_search
