// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>

namespace model_search::unicode_tables {

/// Code points from first to last, both included.
struct Range {
  char32_t first;
  char32_t last;
};

// Ascending, as Hugging Face's tokenizers classifies: the first four by BERT's rules (Unicode 8),
// the last three by its regular expressions (its newest Unicode).
extern const std::span<const Range> removed;      ///< control characters that cleaning drops
extern const std::span<const Range> marks;        ///< dropped where accents are stripped
extern const std::span<const Range> ideographs;   ///< words of their own
extern const std::span<const Range> punctuation;  ///< words of their own
extern const std::span<const Range> letters;
extern const std::span<const Range> numbers;
/// Characters other than letters and marks next to which a single word does not count.
extern const std::span<const Range> other_words;
// Where its decomposition (Unicode 9) and its lower case (its newest Unicode) differ from
// utf8proc's.
extern const std::span<const Range> reordered;     ///< characters of a combining class
extern const std::span<const Range> undecomposed;  ///< decompositions that it does not know
extern const std::span<const Range> lower_cases;   ///< pairs: a character and its lower case

}  // namespace model_search::unicode_tables
