// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/ranking.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

Combination row(const std::string& subject, const std::string& configuration) {
  Combination row;
  row.step = Step::end_to_end;
  row.subject = subject;
  row.input = "images";
  row.configuration = configuration;
  row.device = "cpu";
  row.batch = 8;
  return row;
}

Outcome outcome(const Combination& row, double accuracy, double loss, double seconds) {
  return {
      row.name(), "", seconds, {{"score_value", accuracy}, {"accuracy", accuracy}, {"loss", loss}}};
}

/// The line of a candidate.
std::string line_of(const std::string& table, const std::string& candidate) {
  const std::size_t at = table.find(". " + candidate + " ");
  if (at == std::string::npos) return "";
  const std::size_t start = table.rfind('\n', at) + 1;
  return table.substr(start, table.find('\n', at) - start);
}

TEST(Ranking, GroupsConfigurationsAndPutsTheBestFirst) {
  Combinations rows{row("resnet18", "full"), row("resnet50", "full"), row("resnet18", "last_3")};
  Outcomes outcomes{outcome(rows[0], 0.5, 1.0, 9), outcome(rows[1], 0.75, 0.9, 30),
                    outcome(rows[2], 0.5, 1.0, 2)};
  const std::string table = ranking_table(outcomes, rows, true);
  EXPECT_LT(table.find("resnet50"), table.find("resnet18"));
  EXPECT_NE(table.find("full, last_3"), std::string::npos);
  EXPECT_NE(table.find("random weights"), std::string::npos);
  EXPECT_EQ(table.find("differ"), std::string::npos);
  EXPECT_NE(table.find("2.00 s"), std::string::npos);
  rows.push_back(row("resnet18", "last_1"));
  outcomes.push_back(outcome(rows[3], 0.25, 1.0, 2));
  EXPECT_NE(ranking_table(outcomes, rows, false).find("differ"), std::string::npos);
}

TEST(Ranking, EqualAccuraciesShareAPlace) {
  const Combinations rows{row("a", "full"), row("b", "full"), row("c", "full")};
  const std::string table =
      ranking_table({outcome(rows[0], 0.5, 1.0, 1), outcome(rows[1], 0.5003, 1.1, 1),
                     outcome(rows[2], 0.4, 1.0, 1)},
                    rows, false);
  EXPECT_TRUE(line_of(table, "a").starts_with("  1.")) << table;
  EXPECT_TRUE(line_of(table, "b").starts_with("  1.")) << table;
  EXPECT_TRUE(line_of(table, "c").starts_with("  3.")) << table;
}

TEST(Ranking, SeparatesWhatChangesFeaturesOrScoreAndNothingElse) {
  Combinations rows{row("a", "full"), row("a", "full"), row("a", "full")};
  rows[1].values[&axes().probe] = "minibatch";
  rows[2].values[&axes().mode] = "overlapped";
  const std::string table =
      ranking_table({outcome(rows[0], 0.5, 1.0, 1), outcome(rows[1], 0.6, 1.0, 1),
                     outcome(rows[2], 0.5, 1.0, 0.5)},
                    rows, false);
  EXPECT_NE(table.find("probe=minibatch)"), std::string::npos);
  std::size_t headings = 0;
  for (std::size_t at = table.find("Ranking"); at != std::string::npos;
       at = table.find("Ranking", at + 1)) {
    ++headings;
  }
  EXPECT_EQ(headings, 2U) << table;
  EXPECT_NE(table.find("0.50 s"), std::string::npos);
}

TEST(Ranking, RanksTheHeadsOfAJointRowWhereAllAreCandidates) {
  const Combinations rows{row("a", "joint_last_1")};
  Outcome joint = outcome(rows[0], 0.5, 1.0, 3);
  joint.label = "limit=inference heads=a,b";
  joint.numbers["score_value_head0"] = 0.5;
  joint.numbers["score_value_head1"] = 0.7;
  joint.numbers["random_heads"] = 0;
  const std::string table = ranking_table({joint}, rows, false);
  EXPECT_TRUE(line_of(table, "b").starts_with("  1.")) << table;
  EXPECT_TRUE(line_of(table, "a").starts_with("  2.")) << table;
  joint.numbers["random_heads"] = 1;
  EXPECT_TRUE(ranking_table({joint}, rows, false).empty());
}

TEST(Ranking, IsEmptyWithoutScores) {
  EXPECT_TRUE(ranking_table({}, {}, true).empty());
}

}  // namespace
}  // namespace model_search
