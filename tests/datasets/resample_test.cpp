// SPDX-License-Identifier: Apache-2.0
#include "datasets/resample.h"

#include <gtest/gtest.h>

#include "tests/datasets/test_image.h"

namespace model_search {
namespace {

std::vector<std::uint8_t> resampled(const Image& image, std::int64_t width, std::int64_t height,
                                    const ResampleWindow& window) {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(window.width * window.height * 3));
  resample_bilinear(image, width, height, window, out);
  return out;
}

TEST(Resample, KeepsAnImageOfTheSameSize) {
  const Image image = gradient_image(31, 17);
  EXPECT_EQ(resampled(image, 31, 17, {0, 0, 31, 17}), image.pixels);
}

TEST(Resample, AveragesWhenItReduces) {
  // By hand: reducing 4 pixels to 2, the triangle of support 2 around 1.0 has the weights
  // 3/8, 3/8, 1/8 of pixels 0..2 over their sum 7/8.
  Image image{4, 1, {}};
  for (const int value : {0, 70, 140, 210}) image.pixels.insert(image.pixels.end(), 3, value);
  const auto out = resampled(image, 2, 1, {0, 0, 2, 1});
  EXPECT_EQ(out, (std::vector<std::uint8_t>{50, 50, 50, 160, 160, 160}));
}

TEST(Resample, OfAWindowIsThatPartOfTheWhole) {
  const Image image = gradient_image(90, 61);
  const auto whole = resampled(image, 47, 83, {0, 0, 47, 83});
  const auto part = resampled(image, 47, 83, {5, 9, 20, 30});
  for (std::size_t y = 0; y < 30; ++y) {
    for (std::size_t x = 0; x < 60; ++x) {
      ASSERT_EQ(part[y * 60 + x], whole[(y + 9) * 141 + 15 + x]) << x << ", " << y;
    }
  }
}

}  // namespace
}  // namespace model_search
