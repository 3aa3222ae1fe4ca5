// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/resample.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/datasets/images/resize_sweep.h"
#include "tests/datasets/test_image.h"

namespace model_search {
namespace {

std::vector<std::uint8_t> resampled(const Image& image, std::int64_t width, std::int64_t height,
                                    const Rectangle& window) {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(window.width * window.height * 3));
  resample_bilinear(image, {width, height, window}, out);
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

TEST(Resample, VectorsGiveTheBitsOfPlainCode) {
  if (avx2_kernels() == nullptr) GTEST_SKIP() << "this processor has no AVX2";
  struct Case {
    std::int64_t in_width, in_height, width, height;
    Rectangle window;
  };
  for (const Case& c :
       {Case{500, 375, 341, 256, {58, 16, 224, 224}}, Case{375, 500, 256, 341, {16, 58, 224, 224}},
        Case{1, 1, 256, 256, {16, 16, 224, 224}}, Case{2, 90, 256, 11520, {16, 5648, 224, 224}},
        Case{2000, 31, 1651, 25, {700, 1, 23, 22}}, Case{257, 4100, 16, 256, {1, 16, 13, 224}},
        Case{224, 224, 224, 224, {0, 0, 224, 224}}, Case{13, 7, 9, 5, {1, 1, 5, 3}}}) {
    const Image image = noise_image(c.in_width, c.in_height);
    std::vector<std::uint8_t> plain(static_cast<std::size_t>(c.window.width * c.window.height * 3));
    std::vector<std::uint8_t> vectors(plain.size());
    for (const bool vertical_first : {false, true}) {
      const ResizePlan plan{c.width, c.height, c.window, vertical_first};
      resample_bilinear(image, plan, plain, portable_kernels());
      resample_bilinear(image, plan, vectors, *avx2_kernels());
      EXPECT_EQ(vectors, plain) << c.in_width << " x " << c.in_height << " to " << c.width << " x "
                                << c.height << (vertical_first ? ", vertical first" : "");
    }
  }
}

TEST(Resample, RoundsBetweenThePasses) {
  // By hand: both passes take the mean of two pixels and round halves up.
  Image image{2, 2, {}};
  for (const int value : {0, 1, 2, 1}) image.pixels.insert(image.pixels.end(), 3, value);
  std::vector<std::uint8_t> out(3);
  const Rectangle window{0, 0, 1, 1};
  resample_bilinear(image, {1, 1, window, /*vertical_first=*/false}, out);  // 0.5 and 1.5: 1 and 2
  EXPECT_EQ(out, (std::vector<std::uint8_t>{2, 2, 2}));
  resample_bilinear(image, {1, 1, window, /*vertical_first=*/true}, out);  // 1 and 1
  EXPECT_EQ(out, (std::vector<std::uint8_t>{1, 1, 1}));
}

TEST(Resample, TakesAnImageInPiecesOfAnySize) {
  const Image image = noise_image(90, 300);
  const Rectangle window{3, 20, 40, 50};
  for (const bool vertical_first : {false, true}) {
    const ResizePlan plan{70, 80, window, vertical_first};
    std::vector<std::uint8_t> whole(40 * 50 * 3);
    resample_bilinear(image, plan, whole);
    for (const std::int64_t piece : {1, 7, 16, 17, 100, 299}) {
      Resampler resampler;
      const Rectangle needed = resampler.begin(90, 300, plan);
      std::vector<std::uint8_t> out(whole.size());
      std::size_t emitted = 0;
      // From a row above what is needed, and without the columns next to it.
      for (std::int64_t y = needed.top - 2; y < 300; y += piece) {
        const std::int64_t height = std::min<std::int64_t>(piece, 300 - y);
        const std::int64_t begin = (y * 90 + needed.left) * 3;
        resampler.rows({.place = {needed.left, y, needed.width, height},
                        .pixels = image.pixels.data() + begin,
                        .stride = 270,
                        .bytes = static_cast<std::size_t>(
                            std::min<std::int64_t>((y + height) * 270, 300 * 270) - begin)},
                       [&](std::size_t row, const std::uint8_t* values) {
                         std::copy_n(values, 120,
                                     out.begin() + static_cast<std::ptrdiff_t>(row * 120));
                         ++emitted;
                       });
      }
      EXPECT_EQ(emitted, 50U);
      EXPECT_EQ(out, whole) << piece << " rows";
    }
  }
}

}  // namespace
}  // namespace model_search
