// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace model_search {

/// Classes of characters as Hugging Face's tokenizers sees them (unicode_tables.h).
[[nodiscard]] bool is_space(char32_t letter);  ///< Unicode's White_Space
[[nodiscard]] bool is_removed(char32_t letter);
[[nodiscard]] bool is_mark(char32_t letter);
[[nodiscard]] bool is_ideograph(char32_t letter);
[[nodiscard]] bool is_punctuation(char32_t letter);
[[nodiscard]] bool is_letter(char32_t letter);
[[nodiscard]] bool is_number(char32_t letter);
[[nodiscard]] bool is_word(char32_t letter);  ///< what \w finds

/// The text itself where it is UTF-8; else a copy in `buffer` in which U+FFFD replaces every
/// maximal invalid part, as Python decodes with errors="replace".
[[nodiscard]] std::string_view valid_utf8(std::string_view text, std::string& buffer);

/// The place of the last character of valid UTF-8 that is not empty.
[[nodiscard]] std::size_t last_character(std::string_view text);

/// The length in bytes of valid UTF-8 without the white space at its end.
[[nodiscard]] std::size_t length_without_space(std::string_view text);

/// Reads the character at `position` of valid UTF-8 and moves `position` behind it.
char32_t next_character(std::string_view text, std::size_t& position);
void append_utf8(char32_t letter, std::string& text);

/// Canonical decomposition with its reordering (NFD), by utf8proc.
void decompose(std::u32string& text);
/// Lower case of each character alone, by utf8proc: Rust's char::to_lowercase.
void lower(std::u32string& text);

}  // namespace model_search
