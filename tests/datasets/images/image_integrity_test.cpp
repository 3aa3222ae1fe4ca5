// SPDX-License-Identifier: Apache-2.0
// What the structure of JPEGs and PNGs shows before they are decoded.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "datasets/images/formats/image_format.h"
#include "datasets/images/jpeg_integrity.h"
#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

using namespace std::string_literals;

void require_intact(std::string_view file) {
  require_intact_content(std::as_bytes(std::span(file)));
}

std::string error_of(std::string_view file) {
  return message_of<std::runtime_error>([&] { require_intact(file); });
}

std::string segment(int code, const std::string& body) {
  const auto length = body.size() + 2;
  return "\xFF"s + static_cast<char>(code) + static_cast<char>(length / 256) +
         static_cast<char>(length % 256) + body;
}

/// A gray frame of one component.
std::string frame(int width, int height, int code = 0xC0, int bits = 8) {
  std::string body(1, static_cast<char>(bits));
  for (const int side : {height, width}) {
    body += static_cast<char>(side / 256);
    body += static_cast<char>(side % 256);
  }
  return segment(code, body + "\x01\x01\x11\x00"s);
}

std::string scan(const std::string& data = "z", int last = 63) {
  return segment(0xDA, "\x01\x01\x00\x00"s + static_cast<char>(last) + '\0') + data;
}

// A skeleton: start, a comment segment that holds an end marker, a table, a frame, a scan with a
// stuffed 0xFF and fill bytes, then the end.
const std::string kStart = "\xFF\xD8\xFF\xFE\x00\x04\xFF\xD9"s;
const std::string kTable = segment(0xDB, "\x00"s + std::string(64, '\1'));
const std::string kHead = kStart + kTable + frame(8, 8);
const std::string kScan = scan("abc\xFF\x00"s + "defghi\xFF\xFF"s);
const std::string kEnd = "\xFF\xD9"s;

TEST(ImageIntegrity, AcceptsACompleteJpeg) {
  EXPECT_NO_THROW(require_intact(kHead + kScan + kEnd));
  EXPECT_NO_THROW(require_intact(kHead + kScan + kEnd + "appended by a camera"));
  EXPECT_NO_THROW(require_intact(kHead + kScan + scan("more") + kEnd));
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

TEST(ImageIntegrity, RefusesManyScans) {
  std::string file = kHead;
  for (std::size_t i = 0; i < most_scans; ++i) file += scan();
  EXPECT_NO_THROW(require_intact(file + kEnd));
  EXPECT_TRUE(contains(error_of(file + scan() + kEnd), "more than 100 scans"));
}

TEST(ImageIntegrity, CountsRestartIntervals) {
  // 9 x 1 blocks in intervals of 2.
  const std::string head = kStart + kTable + frame(65, 8) + segment(0xDD, "\x00\x02"s);
  const std::string whole = "a\xFF\xD0"s + "b\xFF\xD1"s + "c\xFF\xD2"s + "d\xFF\xD3"s + "e";
  EXPECT_NO_THROW(require_intact(head + scan(whole) + kEnd));
  EXPECT_NO_THROW(require_intact(head + scan(whole + "\xFF\xD4"s) + kEnd));
  const std::string error = error_of(head + scan(whole.substr(3)) + kEnd);
  EXPECT_TRUE(contains(error, "lacks 1 of 5 restart intervals"));
}

TEST(ImageIntegrity, NamesKindsThatAreNotRead) {
  const auto error = [](const std::string& frame_segment) {
    return error_of(kStart + kTable + frame_segment + kScan + kEnd);
  };
  EXPECT_TRUE(contains(error(frame(8, 8, 0xC1, 12)), "12 bits per sample"));
  EXPECT_TRUE(contains(error(frame(8, 0)), "height after its first scan"));
  EXPECT_TRUE(contains(error(frame(0, 8)), "no pixels"));
  EXPECT_TRUE(contains(error(frame(8, 8, 0xC3)), "lossless"));
  EXPECT_TRUE(contains(error(frame(8, 8) + frame(8, 8)), "second frame"));
}

TEST(ImageIntegrity, RefusesWhatAScanNeedsAndTheFileLacks) {
  EXPECT_TRUE(
      contains(error_of(kStart + frame(8, 8) + kScan + kEnd), "lacks a quantization table"));
  EXPECT_TRUE(contains(error_of(kStart + kTable + kScan + kEnd), "scan without a frame"));
  EXPECT_TRUE(contains(error_of(kHead + kEnd), "a component has no scan"));
  // Progressive scans have no standard tables.
  const std::string progressive = kStart + kTable + frame(8, 8, 0xC2);
  EXPECT_TRUE(contains(error_of(progressive + scan("z", 0) + kEnd), "lacks a Huffman table"));
}

/// A Huffman table with these numbers of codes of 1, 2, … bits.
std::string table(const std::string& counts, std::size_t codes, char value = '\1') {
  std::string body = "\x00"s + counts + std::string(16 - counts.size(), '\0');
  body += std::string(codes, value);
  return segment(0xC4, body);
}

TEST(ImageIntegrity, RefusesInvalidHuffmanTables) {
  const auto file = [](const std::string& tables) { return kHead + tables + kScan + kEnd; };
  EXPECT_NO_THROW(require_intact(file(table("\x01\x01"s, 2))));
  EXPECT_NO_THROW(require_intact(file(table("\x01"s, 1))));
  // Three codes of one bit; codes that shorter ones have taken; the code of ones alone; missing
  // values; a DC coefficient of 16 bits.
  for (const std::string& tables :
       {table("\x03"s, 3), table("\x01\x03"s, 4), table("\x02\x01"s, 3), table("\x01\x02"s, 3),
        table("\x01"s, 0), table("\x01"s, 1, '\x10')}) {
    EXPECT_TRUE(contains(error_of(file(tables)), "is damaged")) << tables.size();
  }
}

TEST(ImageIntegrity, RefusesUnknownMarkers) {
  EXPECT_TRUE(contains(error_of(kHead + segment(0xF7, "ab") + kScan + kEnd), "unknown marker"));
  EXPECT_TRUE(contains(error_of(kHead + scan("a\xFF\x05\x00\x02"s) + kEnd), "unknown marker"));
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

}  // namespace
}  // namespace model_search
