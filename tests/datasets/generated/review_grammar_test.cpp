// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/review_grammar.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

PhrasePart text(const char* words) {
  return {.text = words, .symbol = "", .flipped = false};
}

TEST(ReviewGrammar, ReadsSymbolsAndPhrases) {
  const ReviewGrammar grammar(
      "# A comment: {not a symbol\n"
      "\n"
      "opening:\n"
      "  I saw it: {!kind}, a {film}\n"
      "film once:\n"
      "  film | movie\n"
      "  picture\n"
      "kind praise:\n"
      "  gem | joy\n"
      "kind blame:\n"
      "  mess | bore\n");
  EXPECT_EQ(grammar.symbols().size(), 3U);

  const ReviewSymbol& film = grammar.symbol("film");
  EXPECT_TRUE(film.once);
  EXPECT_EQ(film.praise, film.blame);
  EXPECT_EQ(film.praise, (std::vector<Phrase>{{text("film")}, {text("movie")}, {text("picture")}}));

  const ReviewSymbol& kind = grammar.symbol("kind");
  EXPECT_FALSE(kind.once);
  EXPECT_EQ(kind.phrases(ReviewOpinion::praise),
            (std::vector<Phrase>{{text("gem")}, {text("joy")}}));
  EXPECT_EQ(kind.phrases(ReviewOpinion::blame),
            (std::vector<Phrase>{{text("mess")}, {text("bore")}}));

  const Phrase opening{text("I saw it: "), {"", "kind", true}, text(", a "), {"", "film", false}};
  EXPECT_EQ(grammar.symbol("opening").praise, std::vector<Phrase>{opening});
}

TEST(ReviewGrammar, RefusesWhatItCannotRead) {
  const auto error_of = [](const char* text) {
    return message_of<std::invalid_argument>([&] { const ReviewGrammar grammar(text); });
  };
  for (const auto& [text, expected] : {
           std::pair{"  film\n", "line 1 of the grammar: a phrase stands before the first symbol"},
           std::pair{"a:\n  x\nfilm\n", "line 3 of the grammar: 'film' is not a symbol"},
           std::pair{":\n  x\n", "line 1 of the grammar: ':' is not a symbol"},
           std::pair{"a often:\n  x\n", "'often' is unknown; choices: praise, blame, once"},
           std::pair{"a:\n  x\na:\n  y\n", "line 3 of the grammar: 'a' is defined twice"},
           std::pair{"a:\n  the {b\n", "line 2 of the grammar: '{b' has no closing brace"},
           std::pair{"a:\n  the {!}\n", "line 2 of the grammar: a pair of braces is empty"},
           std::pair{"a:\n  x |\n", "line 2 of the grammar: 'x |' is not a phrase"},
           std::pair{"a:\n  x |  | y\n", "line 2 of the grammar: '' is not a phrase"},
           std::pair{"a:\n", "the symbol 'a' of the grammar has 0 phrases without an opinion"},
           std::pair{"a praise:\n  x | y\na blame:\n  z\n", "2 of praise and 1 of blame"},
           std::pair{"a:\n  x\na praise:\n  x\na blame:\n  z\n", "1 phrases without an opinion, 1"},
           std::pair{"a:\n  {b}\n", "a phrase of 'a' names the symbol 'b', which the grammar does"},
       }) {
    EXPECT_TRUE(contains(error_of(text), expected)) << error_of(text);
  }
}

TEST(ReviewGrammar, SaysWhichSymbolItLacks) {
  const ReviewGrammar grammar("film:\n  film\n");
  EXPECT_EQ(message_of<std::out_of_range>([&] { (void)grammar.symbol("genre"); }),
            "the grammar has no symbol 'genre'");
}

TEST(FilmReviewGrammar, HasAsManyOpinionsOnBothSides) {
  std::size_t opinions = 0;
  for (const auto& [name, symbol] : film_review_grammar().symbols()) {
    EXPECT_EQ(symbol.praise.size(), symbol.blame.size()) << name;
    if (symbol.praise != symbol.blame) opinions += symbol.praise.size();
  }
  EXPECT_GT(opinions, 120U);
}

}  // namespace
}  // namespace model_search
