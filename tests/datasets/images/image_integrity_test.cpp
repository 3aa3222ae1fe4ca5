// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/image_integrity.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

using namespace std::string_literals;

void require_intact(std::string_view file) {
  require_intact_image(std::as_bytes(std::span(file)));
}

std::string error_of(std::string_view file) {
  return message_of<std::runtime_error>([&] { require_intact(file); });
}

// A skeleton: start, a comment segment that holds an end marker, a scan with a stuffed 0xFF,
// a restart marker and fill bytes, then the end.
const std::string kHead = "\xFF\xD8\xFF\xFE\x00\x04\xFF\xD9\xFF\xDA\x00\x02"s;
const std::string kScan =
    "abc\xFF\x00"s
    "def\xFF\xD0ghi\xFF\xFF"s;
const std::string kEnd = "\xFF\xD9"s;

TEST(ImageIntegrity, AcceptsACompleteJpeg) {
  EXPECT_NO_THROW(require_intact(kHead + kScan + kEnd));
  EXPECT_NO_THROW(require_intact(kHead + kScan + kEnd + "appended by a camera"));
  EXPECT_NO_THROW(require_intact(kHead + kScan + "\xFF\xDA\x00\x02more"s + kEnd));
}

TEST(ImageIntegrity, RefusesEveryTruncationOfAJpeg) {
  const std::string file = kHead + kScan + kEnd;
  for (std::size_t size = 3; size < file.size(); ++size) {
    EXPECT_TRUE(contains(error_of(file.substr(0, size)), "the JPEG is truncated")) << size;
  }
}

TEST(ImageIntegrity, RefusesASegmentThatReachesBeyondTheFile) {
  EXPECT_TRUE(contains(error_of("\xFF\xD8\xFF\xE0\xFF\xFF\xFF\xD9"s), "truncated"));
}

/// A frame of this size, whose other entries do not matter here.
std::string frame(int width, int height) {
  std::string text = "\xFF\xC0\x00\x0B\x08"s;
  for (const int side : {height, width}) {
    text += static_cast<char>(side / 256);
    text += static_cast<char>(side % 256);
  }
  return text + "\x01\x01\x11\x00"s;
}

TEST(ImageIntegrity, RefusesMorePixelsThanPillow) {
  EXPECT_NO_THROW(require_intact("\xFF\xD8"s + frame(13377, 13377) + kEnd));
  const std::string error = error_of("\xFF\xD8"s + frame(13378, 13378) + kEnd);
  EXPECT_TRUE(contains(error, "13378 x 13378 pixels, more than the 178956970")) << error;
}

TEST(ImageIntegrity, RefusesManyScans) {
  std::string file = "\xFF\xD8"s;
  for (std::size_t i = 0; i < most_scans; ++i) file += "\xFF\xDA\x00\x02z"s;
  EXPECT_NO_THROW(require_intact(file + kEnd));
  EXPECT_TRUE(contains(error_of(file + "\xFF\xDA\x00\x02z"s + kEnd), "more than 100 scans"));
}

/// A Huffman table with these numbers of codes of 1, 2, … bits.
std::string table(const std::string& counts, std::size_t codes) {
  std::string segment = "\x00"s + counts + std::string(16 - counts.size(), '\0');
  segment += std::string(codes, 'v');
  const auto length = segment.size() + 2;
  return "\xFF\xC4"s + static_cast<char>(length / 256) + static_cast<char>(length % 256) + segment;
}

TEST(ImageIntegrity, RefusesInvalidHuffmanTables) {
  const auto file = [](const std::string& tables) { return "\xFF\xD8"s + tables + kEnd; };
  EXPECT_NO_THROW(require_intact(file(table("\x01\x02"s, 3))));
  EXPECT_NO_THROW(require_intact(file(table("\x02"s, 2))));
  // Three codes of one bit; codes that shorter ones have taken; missing values.
  for (const std::string& tables :
       {table("\x03"s, 3), table("\x01\x03"s, 4), table("\x02\x01"s, 3), table("\x02"s, 1)}) {
    EXPECT_TRUE(contains(error_of(file(tables)), "Huffman table")) << tables.size();
  }
}

const std::string kPng =
    "\x89PNG\r\n\x1A\n"s
    "\x00\x00\x00\x00IEND\xAE\x42\x60\x82"s;

TEST(ImageIntegrity, ChecksTheChunksOfAPng) {
  EXPECT_NO_THROW(require_intact(kPng));
  EXPECT_NO_THROW(require_intact(kPng + "appended"));
  for (std::size_t size = 8; size < kPng.size(); ++size) {
    EXPECT_TRUE(contains(error_of(kPng.substr(0, size)), "the PNG is truncated")) << size;
  }
  std::string damaged = kPng;
  damaged.back() = '\0';
  EXPECT_TRUE(contains(error_of(damaged), "checksum of the chunk at byte 8"));
}

TEST(ImageIntegrity, RefusesWhatIsNoImage) {
  EXPECT_EQ(error_of(""), "the file is empty");
  EXPECT_EQ(error_of("GIF89a"), "the file is neither JPEG nor PNG");
}

}  // namespace
}  // namespace model_search
