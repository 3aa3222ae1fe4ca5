// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/search_ranking.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace model_search {
namespace {

Combination search(const std::string& plan, const std::string& budget = "all") {
  Combination row;
  row.step = Step::search;
  row.subject = "my_zoo";
  row.input = "images";
  row.device = "cpu";
  row.values[&axes().plan] = plan;
  row.values[&axes().budget] = budget;
  row.batch = 8;
  return row;
}

Outcome found(const Combination& row, const std::string& label, double seconds,
              std::initializer_list<double> accuracies) {
  Outcome outcome{row.name(), label, seconds, {}};
  std::size_t place = 0;
  for (const double accuracy : accuracies) {
    const std::string ending = std::to_string(place++);
    outcome.numbers["score_value" + ending] = accuracy;
    outcome.numbers["accuracy" + ending] = accuracy;
    outcome.numbers["loss" + ending] = 1 - accuracy;
  }
  return outcome;
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t number = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++number;
  }
  return number;
}

TEST(SearchRanking, ListsTheCandidatesTheSecondsAndWhoWasLeftOut) {
  const Combinations rows{search("shared")};
  const std::string table = search_ranking_table(
      {found(rows[0], "limit=score ranking=a,b,c failed=d,e", 1.5, {0.75, 0.5003, 0.5})}, rows,
      true);
  EXPECT_NE(table.find("Ranking of the zoo my_zoo (images on cpu, budget=all, random weights)"),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("  1. a                    accuracy  75.0 %  loss 0.2500\n"),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("  2. c "), std::string::npos) << table;  // Shares the place of b.
  EXPECT_NE(table.find("3 candidates: plan=shared 1.50 s\n"), std::string::npos) << table;
  EXPECT_NE(table.find("left out: d, e\n"), std::string::npos) << table;
}

TEST(SearchRanking, PrintsARankingThatSeveralPlansFoundOnce) {
  const Combinations rows{search("one_by_one"), search("shared"), search("shared", "halving")};
  const std::string table = search_ranking_table(
      {found(rows[0], "ranking=a,b", 4, {0.7, 0.6}), found(rows[1], "ranking=a,b", 1, {0.7, 0.6}),
       found(rows[1], "ranking=a,b", 2, {0.7, 0.6}),
       found(rows[2], "ranking=b,a", 0.5, {0.7, 0.6})},
      rows, false);
  EXPECT_EQ(count(table, "Ranking of the zoo"), 2U) << table;
  EXPECT_NE(table.find("2 candidates: plan=shared 1.00 s, plan=one_by_one 4.00 s\n"),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("budget=halving"), std::string::npos) << table;
}

TEST(SearchRanking, ShowsTheFirstTenAndSaysHowManyFollow) {
  const Combinations rows{search("shared")};
  const std::string table =
      search_ranking_table({found(rows[0], "ranking=a,b,c,d,e,f,g,h,i,j,k,l", 1,
                                  {1, .9, .8, .7, .6, .5, .4, .3, .2, .1, .05, .01})},
                           rows, false);
  EXPECT_NE(table.find(" 10. j "), std::string::npos) << table;
  EXPECT_EQ(table.find(". k "), std::string::npos) << table;
  EXPECT_NE(table.find("and 2 more\n"), std::string::npos) << table;
}

TEST(SearchRanking, CandidatesThatLeftInDifferentRoundsNeverShareAPlace) {
  const Combinations rows{search("shared", "halving")};
  Outcome halving = found(rows[0], "ranking=a,b,c,d", 1, {0.5, 0.5, 0.5, 0.5});
  halving.numbers["candidates_round1"] = 4;
  halving.numbers["candidates_round2"] = 2;
  const std::string table = search_ranking_table({halving}, rows, false);
  EXPECT_NE(table.find("  1. b "), std::string::npos) << table;
  EXPECT_NE(table.find("  3. c "), std::string::npos) << table;
  EXPECT_NE(table.find("  3. d "), std::string::npos) << table;
}

TEST(SearchRanking, SaysThatDataWithoutClassesGivesNoScores) {
  const Combinations rows{search("shared")};
  const std::string table =
      search_ranking_table({found(rows[0], "ranking=a,b", 1, {})}, rows, false);
  EXPECT_NE(table.find("without scores"), std::string::npos) << table;
}

TEST(SearchRanking, IsEmptyWithoutSearches) {
  EXPECT_TRUE(search_ranking_table({}, {}, false).empty());
  const Combinations rows{search("shared")};
  EXPECT_TRUE(search_ranking_table({{rows[0].name(), "limit=score", 1, {}}}, rows, false).empty());
}

}  // namespace
}  // namespace model_search
