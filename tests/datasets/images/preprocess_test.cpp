// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/preprocess.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/datasets/error_message.h"
#include "tests/datasets/test_image.h"

namespace model_search {
namespace {

Image plain_image(std::int64_t width, std::int64_t height) {
  Image image{width, height, {}};
  for (std::int64_t i = 0; i < width * height; ++i) {
    for (const int value : {255, 0, 51}) image.pixels.push_back(static_cast<std::uint8_t>(value));
  }
  return image;
}

TEST(Preprocess, NormalizesEachPlane) {
  const Preprocessing settings;
  std::vector<float> out(3 * 224 * 224);
  for (const auto& [width, height] :
       {std::pair{1, 1}, {500, 375}, {256, 256}, {1, 2000}, {3000, 2}}) {
    preprocess(plain_image(width, height), settings, out);
    const std::array<float, 3> expected{(1.0F - 0.485F) / 0.229F, (0.0F - 0.456F) / 0.224F,
                                        (51.0F / 255.0F - 0.406F) / 0.225F};
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_EQ(out[i], expected[i / (224 * 224)]) << width << " x " << height << " at " << i;
    }
  }
}

TEST(Preprocess, CropsAtTheEvenNeighborOfAHalf) {
  // No resizing: the shorter side is what `resize` asks for, so the crop shows its offset.
  const auto first_column = [](std::int64_t width) {
    Image image{width, 4, {}};
    for (std::int64_t i = 0; i < 4 * width; ++i) {
      image.pixels.insert(image.pixels.end(), 3, static_cast<std::uint8_t>(i % width));
    }
    std::vector<float> out(3 * 4 * 4);
    preprocess(image, {.resize = 4, .crop = 4, .mean = {0, 0, 0}, .deviation = {1, 1, 1}}, out);
    return static_cast<int>(out[0] * 255.0F + 0.5F);
  };
  EXPECT_EQ(first_column(4), 0);
  EXPECT_EQ(first_column(5), 0);   // 0.5
  EXPECT_EQ(first_column(6), 1);   // 1
  EXPECT_EQ(first_column(7), 2);   // 1.5
  EXPECT_EQ(first_column(9), 2);   // 2.5
  EXPECT_EQ(first_column(11), 4);  // 3.5
}

TEST(Preprocess, RefusesWhatIsImpossible) {
  std::vector<float> out(3 * 224 * 224);
  EXPECT_TRUE(contains(message_of<std::runtime_error>([&] { preprocess({}, {}, out); }),
                       "no pixels (0 x 0)"));
  std::vector<float> small(3);
  EXPECT_THROW(preprocess(plain_image(4, 4), {}, small), std::invalid_argument);
  EXPECT_TRUE(contains(message_of<std::invalid_argument>([&] {
                         preprocess(plain_image(4, 4), {.resize = 100, .crop = 224}, out);
                       }),
                       "crop of 224"));
}

TEST(ResizePlan, RefusesMorePixelsThanPillow) {
  const Preprocessing settings;
  EXPECT_NO_THROW((void)resize_plan(settings, 13377, 13377));
  const auto error =
      message_of<std::runtime_error>([&] { (void)resize_plan(settings, 13378, 13378); });
  EXPECT_TRUE(contains(error, "13378 x 13378 pixels, more than --max_pixels=178956970"));
  EXPECT_NO_THROW((void)resize_plan({.max_pixels = 4}, 2, 2));
  EXPECT_THROW((void)resize_plan({.max_pixels = 3}, 2, 2), std::runtime_error);
}

TEST(ResizePlan, TakesThePassesInTheOrderOfPillow) {
  const auto vertical_first = [](std::int64_t width, std::int64_t height) {
    return resize_plan({}, width, height).vertical_first;
  };
  EXPECT_TRUE(vertical_first(287, 603));
  EXPECT_TRUE(vertical_first(300, 601));
  EXPECT_TRUE(vertical_first(500, 1001));
  EXPECT_FALSE(vertical_first(300, 600));
  EXPECT_FALSE(vertical_first(250, 600));
  EXPECT_FALSE(vertical_first(256, 2000));
  EXPECT_FALSE(vertical_first(601, 300));
  const Preprocessing earlier{.order = ResampleOrder::horizontal_first};
  EXPECT_FALSE(resize_plan(earlier, 500, 1001).vertical_first);
}

TEST(Preprocessing, IdentityNamesEverySetting) {
  const Preprocessing settings;
  EXPECT_EQ(settings.identity(),
            "resize256-bilinear1-pillow_13-crop224-mean0.485,0.456,0.406-std0.229,0.224,0.225");
  EXPECT_NE((Preprocessing{.resize = 232}).identity(), settings.identity());
  EXPECT_NE((Preprocessing{.order = ResampleOrder::horizontal_first}).identity(),
            settings.identity());
}

}  // namespace
}  // namespace model_search
