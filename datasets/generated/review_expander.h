// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "datasets/generated/review_grammar.h"
#include "datasets/generated/seeded_noise.h"

namespace model_search {

/// Writes symbols of a grammar as text, for one review. `random` decides which phrase stands for a
/// symbol; the same phrase is never chosen twice in a row, and a symbol that is marked `once` keeps
/// its text. The grammar and `random` must outlive the expander.
class ReviewExpander {
 public:
  ReviewExpander(const ReviewGrammar& grammar, SeededRandom& random)
      : grammar_(grammar), random_(random) {}

  /// Throws std::out_of_range where the grammar has no such symbol.
  [[nodiscard]] std::string expand(std::string_view symbol, ReviewOpinion opinion);

 private:
  const Phrase& choose(const ReviewSymbol& symbol, ReviewOpinion opinion);

  const ReviewGrammar& grammar_;
  SeededRandom& random_;
  std::map<const ReviewSymbol*, std::size_t> last_;
  std::map<const ReviewSymbol*, std::string> once_;
};

}  // namespace model_search
