// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/seeded_noise.h"

#include <gtest/gtest.h>

#include <cmath>

namespace model_search {
namespace {

TEST(SeededRandom, FollowsSplitmix64) {
  SeededRandom random(1234567);  // The first values of the reference implementation.
  EXPECT_EQ(random.bits(), 6457827717110365317ULL);
  EXPECT_EQ(random.bits(), 3203168211198807973ULL);
}

TEST(SeededRandom, StaysInItsRange) {
  SeededRandom random(1);
  for (int i = 0; i < 10'000; ++i) {
    const float value = random.between(-0.5F, 2.0F);
    ASSERT_GE(value, -0.5F);
    ASSERT_LT(value, 2.0F);
    ASSERT_LT(random.below(7), 7U);
  }
}

TEST(NoiseField, IsSmoothBoundedAndPeriodic) {
  SeededRandom random(3);
  const NoiseField noise(random);
  for (int i = -2000; i < 2000; ++i) {
    const float x = 0.05F * static_cast<float>(i);
    ASSERT_LE(std::abs(noise.at(x, 0.3F)), 1.0F);
    ASSERT_NEAR(noise.at(x, 0.3F), noise.at(x + 0.001F, 0.3F), 0.01F);
  }
  EXPECT_EQ(noise.at(1.5F, -2.25F), noise.at(129.5F, 125.75F));
}

}  // namespace
}  // namespace model_search
