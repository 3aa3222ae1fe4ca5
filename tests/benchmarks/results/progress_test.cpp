// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/progress.h"

#include <gtest/gtest.h>

#include <vector>

namespace model_search {
namespace {

TEST(LogTimes, AreRarerAsTheRowGoesOn) {
  LogTimes times;
  std::vector<int> lines;
  for (int seconds = 0; seconds <= 300; ++seconds) {
    if (times.due(seconds)) lines.push_back(seconds);
  }
  EXPECT_EQ(lines, (std::vector{10, 30, 70, 130, 190, 250}));
}

TEST(LogTimes, ALateQuestionGetsOneLine) {
  LogTimes times;
  EXPECT_TRUE(times.due(500));
  EXPECT_FALSE(times.due(501));
  EXPECT_TRUE(times.due(520));
}

}  // namespace
}  // namespace model_search
