// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace model_search {

// Values of flags. What is wrong is thrown as std::invalid_argument that names the flag, the value
// and what it may be.

/// Words with commas between them, as a message lists choices.
[[nodiscard]] std::string join(const std::vector<std::string>& words);

void require_choice(const std::string& flag, const std::string& value,
                    const std::vector<std::string>& choices);
void require_choices(const std::string& flag, const std::vector<std::string>& values,
                     const std::vector<std::string>& choices);
void require_positive(const std::string& flag, const std::vector<std::int64_t>& values,
                      std::int64_t least = 1);

/// `a,b,c`.
void read_list(const std::string& flag, const std::string& text, std::vector<std::string>& target);
/// `1,2,3`: whole numbers.
void read_list(const std::string& flag, const std::string& text, std::vector<std::int64_t>& target);

/// Bytes, e.g. `500MB` or `32GB` (powers of 1000).
[[nodiscard]] std::uint64_t parse_bytes(const std::string& flag, const std::string& text);
/// A fraction above 0 and below 1, e.g. `1%` or `0.01`.
[[nodiscard]] double parse_fraction(const std::string& flag, const std::string& text);

}  // namespace model_search
