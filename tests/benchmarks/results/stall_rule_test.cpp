// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/stall_rule.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

const std::thread::id own = std::this_thread::get_id();

std::vector<ThreadWait> waits(double own_seconds, double others_seconds) {
  ThreadWait mine{.role = "main thread", .number = {}, .what = "", .object = ""};
  mine.seconds = own_seconds;
  mine.thread = own;
  ThreadWait other = mine;
  other.seconds = others_seconds;
  other.thread = {};
  return {other, mine};
}

TEST(IdleSeconds, CountWhileTheRowsThreadWaitsAndNothingGoesOn) {
  EXPECT_EQ(idle_seconds(waits(7, 90), own, 100), 7) << "it computed until 7 s ago";
  EXPECT_EQ(idle_seconds(waits(100, 90), own, 7), 7) << "another thread made progress 7 s ago";
}

TEST(IdleSeconds, AreZeroWhileTheRowsThreadComputes) {
  std::vector<ThreadWait> others = waits(0, 90);
  others.pop_back();
  EXPECT_EQ(idle_seconds(others, own, 1000), 0);
  EXPECT_EQ(idle_seconds({}, own, 1000), 0);
}

TEST(StallRule, ComparesWithTheLimit) {
  StallRule rule(60);
  EXPECT_FALSE(rule.stalled(0));
  EXPECT_FALSE(rule.stalled(59.9));
  EXPECT_FALSE(rule.stalled(60));
  EXPECT_TRUE(rule.stalled(60.1));
}

TEST(StallRule, AllowsFiveTimesTheLongestPauseOfTheRow) {
  StallRule rule(60);
  // The row went on after 50 s, then after 20 s.
  for (const double idle : {10.0, 50.0, 0.2, 20.0, 1.0}) EXPECT_FALSE(rule.stalled(idle)) << idle;
  EXPECT_EQ(rule.limit(), 250);
  EXPECT_FALSE(rule.stalled(249));
  EXPECT_TRUE(rule.stalled(251));
}

TEST(StallRule, APauseThatHasNotEndedRaisesNothing) {
  StallRule rule(60);
  for (const double idle : {10.0, 20.0, 30.0, 40.0, 50.0, 59.0}) EXPECT_FALSE(rule.stalled(idle));
  EXPECT_EQ(rule.limit(), 60);
  EXPECT_TRUE(rule.stalled(61));
}

TEST(StallRule, ForgetsThePausesOfOtherRows) {
  StallRule rule(60);
  EXPECT_FALSE(rule.stalled(50));
  EXPECT_FALSE(rule.stalled(0));
  rule.begin_row();
  EXPECT_EQ(rule.limit(), 60);
  EXPECT_TRUE(rule.stalled(61));
}

TEST(StallRule, WithoutALimitNothingIsStalled) {
  StallRule rule(0);
  EXPECT_FALSE(rule.stalled(1e9));
}

}  // namespace
}  // namespace model_search
