// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/stb_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

#include "datasets/generated/stb_encoder.h"
#include "tests/datasets/error_message.h"
#include "tests/datasets/test_image.h"

namespace model_search {
namespace {

TEST(StbDecoder, DecodesAJpeg) {
  const Image original = gradient_image(51, 37);
  const Image decoded = decode_image(*make_stb_decoder(), encode_jpeg(original, 90));
  ASSERT_EQ(decoded.width, 51);
  ASSERT_EQ(decoded.height, 37);
  ASSERT_EQ(decoded.pixels.size(), original.pixels.size());
  for (std::size_t i = 0; i < decoded.pixels.size(); ++i) {
    ASSERT_LE(std::abs(decoded.pixels[i] - original.pixels[i]), 16) << i;
  }
}

TEST(StbDecoder, IgnoresBytesAfterTheEnd) {
  std::vector<std::byte> file = encode_jpeg(gradient_image(20, 20), 90);
  const Image expected = decode_image(*make_stb_decoder(), file);
  file.resize(file.size() + 100);
  EXPECT_EQ(decode_image(*make_stb_decoder(), file).pixels, expected.pixels);
}

TEST(StbDecoder, RefusesEveryTruncation) {
  const std::vector<std::byte> file = encode_jpeg(gradient_image(33, 20), 90);
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_THROW((void)decode_image(*make_stb_decoder(), std::span(file).first(size)),
                 std::runtime_error)
        << size << " of " << file.size() << " bytes";
  }
}

TEST(StbDecoder, SurvivesDamagedBytes) {
  const std::vector<std::byte> file = encode_jpeg(gradient_image(33, 20), 90);
  const auto decoder = make_stb_decoder();
  for (std::size_t i = 2; i < file.size(); ++i) {
    std::vector<std::byte> damaged = file;
    damaged[i] ^= std::byte{0x55};
    try {
      (void)decode_image(*decoder, damaged);
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()), "");
    }
  }
}

TEST(StbDecoder, NamesKindsThatStbDoesNotRead) {
  std::vector<std::byte> file = encode_jpeg(gradient_image(16, 16), 90);
  const std::array frame{std::byte{0xFF}, std::byte{0xC0}};
  const auto found = std::search(file.begin(), file.end(), frame.begin(), frame.end());
  found[1] = std::byte{0xC9};
  EXPECT_TRUE(contains(
      message_of<std::runtime_error>([&] { (void)decode_image(*make_stb_decoder(), file); }),
      "does not read JPEGs with arithmetic coding"));
}

}  // namespace
}  // namespace model_search
