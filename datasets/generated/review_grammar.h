// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace model_search {

/// What a review, or a sentence of it, thinks of its film.
enum class ReviewOpinion { praise, blame };

[[nodiscard]] constexpr ReviewOpinion opposite(ReviewOpinion opinion) {
  return opinion == ReviewOpinion::praise ? ReviewOpinion::blame : ReviewOpinion::praise;
}

/// Text as it is, or the name of a symbol to write in its place.
struct PhrasePart {
  std::string text;
  std::string symbol;    ///< empty: `text` is written
  bool flipped = false;  ///< the symbol is written in the opposite opinion
  bool operator==(const PhrasePart&) const = default;
};
using Phrase = std::vector<PhrasePart>;

/// A symbol of the grammar and the phrases it can stand for.
struct ReviewSymbol {
  std::vector<Phrase> praise;  ///< in a sentence that praises
  std::vector<Phrase> blame;   ///< in one that blames; equal to `praise` without an opinion
  bool once = false;           ///< one choice for a whole review, such as the hero

  [[nodiscard]] const std::vector<Phrase>& phrases(ReviewOpinion opinion) const {
    return opinion == ReviewOpinion::praise ? praise : blame;
  }
};

/// A grammar of film reviews: every symbol by its name. `film_reviews.grammar` explains the format.
class ReviewGrammar {
 public:
  /// Reads a grammar. Throws std::invalid_argument that names the line or the symbol: a line that
  /// is neither a comment, a symbol nor a phrase; a symbol defined twice, without phrases, or with
  /// an unequal number of them in praise and blame; a phrase that names an unknown symbol.
  explicit ReviewGrammar(std::string_view text);

  /// Throws std::out_of_range where the grammar has no such symbol.
  [[nodiscard]] const ReviewSymbol& symbol(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, ReviewSymbol, std::less<>>& symbols() const {
    return symbols_;
  }

 private:
  std::map<std::string, ReviewSymbol, std::less<>> symbols_;
};

/// The grammar in `film_reviews.grammar`, which the build compiles into the library.
[[nodiscard]] const ReviewGrammar& film_review_grammar();

}  // namespace model_search
