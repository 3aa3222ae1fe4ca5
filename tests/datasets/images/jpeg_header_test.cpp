// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/jpeg_header.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "datasets/generated/stb_encoder.h"
#include "tests/datasets/error_message.h"
#include "tests/datasets/test_image.h"

namespace model_search {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> made;
  for (const int value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

TEST(JpegHeader, SaysWhatAJpegIs) {
  const JpegHeader header = read_jpeg_header(encode_jpeg(gradient_image(51, 37), 90));
  EXPECT_EQ(header.width, 51);
  EXPECT_EQ(header.height, 37);
  EXPECT_EQ(header.bits, 8);
  EXPECT_TRUE(header.baseline());
  EXPECT_EQ(header.components, 3U);
  EXPECT_EQ(header.scan.components, 3U);
  EXPECT_EQ(header.scan.last, 63U);
  EXPECT_EQ(header.dc_tables, 3U);
  EXPECT_EQ(header.horizontal[0], 2U);  // 4:2:0
  EXPECT_EQ(header.vertical[0], 2U);
  EXPECT_EQ(header.color(), JpegColor::ycc);
}

TEST(JpegHeader, DistinguishesColorSpacesAsTheLibraryDoes) {
  JpegHeader header;
  header.components = 3;
  header.ids = {'R', 'G', 'B', 0};
  EXPECT_EQ(header.color(), JpegColor::rgb);
  header.adobe_transform = 1;
  EXPECT_EQ(header.color(), JpegColor::ycc);
  header.adobe_transform = 0;
  header.ids = {1, 2, 3, 0};
  EXPECT_EQ(header.color(), JpegColor::rgb);
  header.jfif = true;
  EXPECT_EQ(header.color(), JpegColor::ycc);
  header.components = 4;
  EXPECT_EQ(header.color(), JpegColor::cmyk);
  header.adobe_transform = 2;
  EXPECT_EQ(header.color(), JpegColor::ycck);
  header.components = 1;
  EXPECT_EQ(header.color(), JpegColor::gray);
}

TEST(JpegHeader, ReadsAdobesSegmentAndSkipsBytesBetweenSegments) {
  std::vector<std::byte> file =
      bytes({0xFF, 0xD8, 0, 0, 0xFF, 0xEE, 0, 14,   'A',  'd', 'o', 'b', 'e',
             0,    100,  0, 0, 0,    0,    2, 0xFF, 0xDB, 0,   67,  0});
  file.insert(file.end(), 64, std::byte{1});
  const auto rest =
      bytes({0xFF, 0xFF, 0xC2, 0, 20,   8, 0,    3,    0, 5, 4, 1, 0x22, 0, 2, 0x11, 0,
             3,    0x11, 0,    4, 0x22, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0,    0, 0, 0});
  file.insert(file.end(), rest.begin(), rest.end());
  const JpegHeader header = read_jpeg_header(file);
  EXPECT_EQ(header.adobe_transform, 2);
  EXPECT_EQ(header.components, 4U);
  EXPECT_EQ(header.width, 5);
  EXPECT_EQ(header.height, 3);
  EXPECT_TRUE(header.progressive());
  EXPECT_EQ(header.scan.components, 1U);
}

TEST(JpegHeader, RefusesWhatEndsTooEarly) {
  const std::vector<std::byte> file = encode_jpeg(gradient_image(16, 16), 90);
  for (std::size_t size = 0; size < 600; ++size) {
    EXPECT_THROW((void)read_jpeg_header(std::span(file).first(size)), std::runtime_error) << size;
  }
  EXPECT_TRUE(contains(message_of<std::runtime_error>([] {
                         (void)read_jpeg_header(bytes({0x89, 'P', 'N', 'G'}));
                       }),
                       "not a JPEG"));
  EXPECT_THROW((void)read_jpeg_header(bytes({0xFF, 0xD8, 0xFF, 0xD9})), std::runtime_error);
  EXPECT_THROW((void)read_jpeg_header(bytes({0xFF, 0xD8, 0xFF, 0xE0, 0, 1})), std::runtime_error);
}

}  // namespace
}  // namespace model_search
