// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/synthetic_photograph.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace model_search {
namespace {

TEST(SyntheticPhotograph, DependsOnTheSeedAndTheClassAlone) {
  const auto styles = photograph_styles();
  const Image image = draw_photograph(styles[0], 5);
  EXPECT_EQ(image.pixels, draw_photograph(styles[0], 5).pixels);
  EXPECT_NE(image.pixels, draw_photograph(styles[0], 6).pixels);
  EXPECT_NE(image.pixels, draw_photograph(styles[1], 5).pixels);
}

TEST(SyntheticPhotograph, HasThePixelsItNames) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const Image image = draw_photograph(photograph_styles()[seed], seed);
    EXPECT_EQ(std::max(image.width, image.height), 500);
    EXPECT_GE(std::min(image.width, image.height), 333);
    EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(image.width * image.height * 3));
  }
}

TEST(PhotographStyle, NamesTheClassesOfImageNetteInOrder) {
  const auto styles = photograph_styles();
  EXPECT_EQ(styles.size(), 10U);
  EXPECT_TRUE(std::ranges::is_sorted(styles, {}, &PhotographStyle::class_name));
  EXPECT_EQ(styles.front().class_name, "n01440764");
  EXPECT_EQ(styles.back().class_name, "n03888257");
}

}  // namespace
}  // namespace model_search
