// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace model_search {

/// What a review thinks of its film. Most of its judgements are on this side, some are not.
enum class ReviewOpinion { praise, blame };

/// An English review of a film that does not exist, of about 10 to 1,000 words in paragraphs
/// parted by an empty line. Equal bytes on every machine: no floating point. The lengths follow
/// roughly those of IMDB's reviews (see default_text.h).
[[nodiscard]] std::string write_review(ReviewOpinion opinion, std::uint64_t seed);

/// Every word that write_review() can write, in the spelling it has there and in lower case, and
/// every punctuation mark; in byte order. A word is a run of letters and digits.
[[nodiscard]] std::vector<std::string> review_words();

}  // namespace model_search
