// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "datasets/generated/stb_encoder.h"
#include "datasets/images/decoder.h"
#include "datasets/images/preprocess.h"
#include "tests/datasets/error_message.h"
#include "tests/datasets/test_image.h"

namespace model_search {
namespace {

class TurboJpegDecoder : public ::testing::Test {
 protected:
  [[nodiscard]] std::string error_of(std::span<const std::byte> file) const {
    return message_of<std::runtime_error>([&] { (void)decode_image(*decoder_, file); });
  }
  std::unique_ptr<Decoder> decoder_ = make_decoder("turbojpeg");
  std::vector<std::byte> file_ = encode_jpeg(gradient_image(133, 97), 90);
};

TEST_F(TurboJpegDecoder, RefusesEveryTruncation) {
  for (std::size_t size = 0; size < file_.size(); ++size) {
    EXPECT_NE(error_of(std::span(file_).first(size)), "")
        << size << " of " << file_.size() << " bytes";
  }
}

TEST_F(TurboJpegDecoder, NamesDamageInTheEntropyCodedData) {
  // A run of ones is not a Huffman code; a marker must not be made by accident.
  std::vector<std::byte> damaged = file_;
  const std::size_t middle = damaged.size() / 2;
  for (std::size_t i = middle; i < middle + 40; ++i) damaged[i] = std::byte{0xFE};
  EXPECT_TRUE(contains(error_of(damaged), "libjpeg-turbo: ")) << error_of(damaged);
}

TEST_F(TurboJpegDecoder, SurvivesDamagedBytesAndDecodesTheNextImage) {
  const Image expected = decode_image(*decoder_, file_);
  for (std::size_t i = 2; i < file_.size(); i += 3) {
    std::vector<std::byte> damaged = file_;
    damaged[i] ^= std::byte{0x55};
    try {
      (void)decode_image(*decoder_, damaged);
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()), "");
    }
  }
  EXPECT_EQ(decode_image(*decoder_, file_).pixels, expected.pixels);
}

TEST_F(TurboJpegDecoder, AcceptsBytesBetweenSegmentsAndAfterTheEnd) {
  const Image expected = decode_image(*decoder_, file_);
  std::vector<std::byte> padded = file_;
  padded.resize(padded.size() + 50);
  EXPECT_EQ(decode_image(*decoder_, padded).pixels, expected.pixels);
  padded.insert(padded.begin() + 20, 5, std::byte{0});  // After the JFIF segment.
  EXPECT_EQ(decode_image(*decoder_, padded).pixels, expected.pixels);
}

TEST_F(TurboJpegDecoder, HandsOnWhatTheSinkThrows) {
  class Refusing : public RowSink {
   public:
    Rectangle begin(std::int64_t width, std::int64_t height) override {
      return {0, 0, width, height};
    }
    void rows(const PixelRows&) override { throw std::logic_error("refused"); }
  } sink;
  EXPECT_THROW(decoder_->decode(file_, sink), std::logic_error);
  EXPECT_EQ(decode_image(*decoder_, file_).width, 133);
}

TEST_F(TurboJpegDecoder, GivesNoMoreThanItMust) {
  class Corner : public RowSink {
   public:
    Rectangle begin(std::int64_t, std::int64_t) override { return {60, 40, 10, 5}; }
    void rows(const PixelRows& piece) override {
      EXPECT_LE(piece.place.left, 60);
      EXPECT_GE(piece.place.left + piece.place.width, 70);
      EXPECT_LT(piece.place.width, 133);
      bottom = piece.place.top + piece.place.height;
    }
    std::int64_t bottom = 0;
  } sink;
  decoder_->decode(file_, sink);
  EXPECT_EQ(sink.bottom, 45);
}

}  // namespace
}  // namespace model_search
