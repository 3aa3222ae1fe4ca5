// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/results/largest_step.h"

#include <gtest/gtest.h>

namespace model_search {
namespace {

TEST(LargestStep, OfASerialSearchIsAShareOfItsSeconds) {
  const auto steps = step_seconds({{"extract_seconds", 9.0},
                                   {"load_model", 0.5},
                                   {"load_data", 7.4},
                                   {"data_to_device", 0.1},
                                   {"inference", 1.5},
                                   {"score", 0.5},
                                   {"other", 0.0}});
  EXPECT_EQ(steps.size(), 5U);
  EXPECT_EQ(largest_step(steps, 10)->text(), "load_data 74 %");
}

TEST(LargestStep, OfStepsThatOverlapIsTheSlowestAlone) {
  // Being busy longest may mean queueing.
  const auto steps = step_seconds({{"extract_seconds", 9.0},
                                   {"busy_load_data", 9.0},
                                   {"alone_load_data", 4.0},
                                   {"busy_inference", 8.0},
                                   {"alone_inference", 8.0},
                                   {"score", 1.0}});
  EXPECT_EQ(largest_step(steps, 10)->text(), "inference 80 %");
  EXPECT_EQ(largest_step(steps, 5)->text(), "inference 100 %");
  EXPECT_EQ(
      largest_step(step_seconds({{"extract_seconds", 9.0}, {"busy_load_model", 3.0}}), 10)->step,
      "load_model");
}

TEST(LargestStep, IsUnknownForOtherRows) {
  EXPECT_TRUE(step_seconds({{"score", 1.0}, {"items_per_second", 3.0}}).empty());
  EXPECT_FALSE(largest_step({}, 1));
  EXPECT_FALSE(largest_step({{"score", 1.0}}, 0));
}

}  // namespace
}  // namespace model_search
