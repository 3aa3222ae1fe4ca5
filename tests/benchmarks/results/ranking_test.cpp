// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/ranking.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(Ranking, GroupsConfigurationsAndPutsTheBestFirst) {
  Ranking ranking;
  ranking.add({"resnet18", "full", "cpu", 0.5, 1.0, 9});
  ranking.add({"resnet50", "full", "cpu", 0.75, 0.9, 30});
  ranking.add({"resnet18", "last_3", "cpu", 0.5, 1.0, 2});
  const std::string table = ranking.table(true);
  EXPECT_LT(table.find("resnet50"), table.find("resnet18"));
  EXPECT_NE(table.find("full, last_3"), std::string::npos);
  EXPECT_NE(table.find("random weights"), std::string::npos);
  EXPECT_EQ(table.find("differ"), std::string::npos);
  EXPECT_NE(table.find("2.00 s"), std::string::npos);
  ranking.add({"resnet18", "last_1", "cpu", 0.25, 1.0, 2});
  EXPECT_NE(ranking.table(false).find("differ"), std::string::npos);
}

TEST(Ranking, IsEmptyWithoutScores) {
  EXPECT_TRUE(Ranking().table(true).empty());
}

}  // namespace
}  // namespace model_search
