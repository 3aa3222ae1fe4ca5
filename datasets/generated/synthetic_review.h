// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "datasets/generated/review_grammar.h"

namespace model_search {

/// An English review of a film that does not exist, of about 10 to 1,000 words in paragraphs
/// separated by an empty line. Most of its judgments are of its opinion, some are not. Equal bytes
/// on every machine: no floating point. The lengths roughly follow those of IMDB's reviews (see
/// default_text.h).
[[nodiscard]] std::string write_review(ReviewOpinion opinion, std::uint64_t seed);

}  // namespace model_search
