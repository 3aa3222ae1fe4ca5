// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/stb_encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "tests/datasets/test_image.h"

namespace model_search {
namespace {

TEST(StbEncoder, HalvesTheChromaAtQuality90) {
  const std::vector<std::byte> file = encode_jpeg(gradient_image(40, 30), 90);
  // Start of frame: marker, length, precision, height, width, 3 components; luma sampled 2 x 2.
  const std::array frame{std::byte{0xFF}, std::byte{0xC0}, std::byte{0},  std::byte{17},
                         std::byte{8},    std::byte{0},    std::byte{30}, std::byte{0},
                         std::byte{40},   std::byte{3},    std::byte{1},  std::byte{0x22}};
  EXPECT_NE(std::search(file.begin(), file.end(), frame.begin(), frame.end()), file.end());
}

TEST(StbEncoder, RefusesAnImageWithoutPixels) {
  EXPECT_THROW((void)encode_jpeg(Image{}, 90), std::runtime_error);
}

}  // namespace
}  // namespace model_search
