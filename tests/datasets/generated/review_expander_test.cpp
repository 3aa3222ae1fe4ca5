// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/review_expander.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace model_search {
namespace {

const ReviewGrammar& grammar() {
  static const ReviewGrammar few(
      "judgment:\n"
      "  a {film} is a {kind}, not a {!kind}\n"
      "film once:\n"
      "  {first} film | {first} movie | {first} picture\n"
      "first:\n"
      "  old | new | long | short\n"
      "kind praise:\n"
      "  gem\n"
      "kind blame:\n"
      "  mess\n");
  return few;
}

TEST(ReviewExpander, WritesSymbolsInTheirOpinion) {
  SeededRandom random(1);
  ReviewExpander expander(grammar(), random);
  const std::string film = expander.expand("film", ReviewOpinion::praise);
  EXPECT_EQ(expander.expand("judgment", ReviewOpinion::praise),
            "a " + film + " is a gem, not a mess");
  EXPECT_EQ(expander.expand("judgment", ReviewOpinion::blame),
            "a " + film + " is a mess, not a gem");
}

TEST(ReviewExpander, KeepsOneChoiceForAReview) {
  std::set<std::string> films;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SeededRandom random(seed);
    ReviewExpander expander(grammar(), random);
    const std::string film = expander.expand("film", ReviewOpinion::praise);
    EXPECT_EQ(expander.expand("film", ReviewOpinion::blame), film);
    films.insert(film);
  }
  EXPECT_EQ(films.size(), 12U);
}

TEST(ReviewExpander, NeverChoosesAPhraseTwiceInARow) {
  SeededRandom random(1);
  ReviewExpander expander(grammar(), random);
  std::string last;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string next = expander.expand("first", ReviewOpinion::praise);
    EXPECT_NE(next, last);
    seen.insert(last = next);
  }
  EXPECT_EQ(seen.size(), 4U);
}

}  // namespace
}  // namespace model_search
