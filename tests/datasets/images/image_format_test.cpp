// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/formats/image_format.h"

#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>
#include <string>

#include "datasets/images/decoder.h"
#include "tests/datasets/error_message.h"

namespace model_search {
namespace {

std::string error_of(const std::string& file) {
  return message_of<std::runtime_error>(
      [&] { (void)decode_image(*make_decoder("stb"), std::as_bytes(std::span(file))); });
}

std::string number(std::uint32_t value, std::size_t bytes) {
  std::string text(bytes, '\0');
  std::memcpy(text.data(), &value, bytes);
  return text;
}

std::string bmp(std::uint32_t width, std::uint32_t height, std::uint32_t bits,
                std::uint32_t compression, const std::string& pixels) {
  return "BM" + std::string(8, '\0') + number(54, 4) + number(40, 4) + number(width, 4) +
         number(height, 4) + number(1, 2) + number(bits, 2) + number(compression, 4) +
         std::string(20, '\0') + pixels;
}

TEST(ImageFormat, NamesWhatIsReadWhereAFileIsOfNoKnownKind) {
  EXPECT_TRUE(contains(error_of("<html>"), "of no kind that is read: JPEG, PNG, BMP, "));
  EXPECT_TRUE(contains(error_of("Plain text"), "of no kind that is read"));
  EXPECT_EQ(error_of(""), "the file is empty");
}

TEST(ImageFormat, NamesTheKindsThatAreNotRead) {
  EXPECT_TRUE(contains(error_of(number(0, 4) + "ftypheic"), "the file is a HEIC or an AVIF"));
  EXPECT_TRUE(contains(error_of(number(0, 4) + "jP  rest"), "the file is a JPEG 2000"));
  EXPECT_TRUE(contains(error_of("Pf\n1 1\n-1.0\n0000"), "a PNM of kind Pf"));
  EXPECT_TRUE(contains(error_of(bmp(1, 1, 8, 1, "0000")), "a BMP with run lengths"));
  EXPECT_TRUE(contains(error_of(bmp(1, 1, 2, 0, "0000")), "a BMP with 2 bits a pixel"));
}

TEST(ImageFormat, AsksTheSinkBeforeMemoryIsTaken) {
  class Refusing : public RowSink {
   public:
    Rectangle begin(std::int64_t width, std::int64_t height) override {
      throw std::runtime_error(std::to_string(width) + " x " + std::to_string(height));
    }
    void rows(const PixelRows&) override {}
  } sink;
  for (const std::string& file :
       {bmp(60000, 60000, 24, 0, ""), std::string("P6 60000 60000 255\n"),
        "GIF89a" + number(60000, 2) + number(60000, 2) + std::string(3, '\0') + "," + number(0, 4) +
            number(1, 2) + number(1, 2) + std::string("\0\x02", 2)}) {
    if (file.starts_with("GIF") && readable_formats().find("GIF") == std::string::npos) continue;
    EXPECT_EQ(message_of<std::runtime_error>(
                  [&] { make_decoder("stb")->decode(std::as_bytes(std::span(file)), sink); }),
              "60000 x 60000");
  }
  EXPECT_TRUE(contains(error_of("P6 0 7 255\n"), "0 x 7 pixels"));
  // Few pixels, but a file that cannot hold them.
  EXPECT_TRUE(contains(error_of("P6 1300 1300 255\nfew"), "the PNM is truncated"));
}

TEST(ImageFormat, FindsDamage) {
  const std::string intact = "P2 2 1 9\n3 4\n";
  EXPECT_NO_THROW((void)decode_image(*make_decoder("stb"), std::as_bytes(std::span(intact))));
  EXPECT_TRUE(contains(error_of("P2 2 1 9\n3 "), "truncated"));
  EXPECT_TRUE(contains(error_of("P2 2 1 9\n3 x"), "damaged: a number is expected"));
  EXPECT_TRUE(contains(error_of("P2 2 1 9\n3 10\n"), "the value 10, but its largest is 9"));
  const std::string whole = bmp(1, 2, 24, 0, "0000000");  // Of the last row, padding may lack.
  EXPECT_NO_THROW((void)decode_image(*make_decoder("stb"), std::as_bytes(std::span(whole))));
  EXPECT_TRUE(contains(error_of(bmp(1, 2, 24, 0, "000000")), "the BMP is truncated"));
}

}  // namespace
}  // namespace model_search
