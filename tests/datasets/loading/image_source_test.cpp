// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/image_source.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "datasets/files/file_bytes.h"
#include "datasets/generated/stb_encoder.h"
#include "tests/datasets/error_message.h"
#include "tests/datasets/test_image.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

class ImageSourceTest : public ::testing::Test {
 protected:
  ImageSourceTest() {
    data_.write("train/a/1.jpg");
    data_.write("train/b/1.jpg");
    jpeg_ = encode_jpeg(gradient_image(60, 40), 90);
    for (const char* name : {"train/a/1.jpg", "train/b/1.jpg"}) {
      write_file(data_.path() / name, jpeg_);
    }
  }
  [[nodiscard]] ImageSource source() const {
    return {
        list_class_folder(data_.path(), "train", image_kind()), "stb", {.resize = 24, .crop = 16}};
  }
  TemporaryFolder data_;
  std::vector<std::byte> jpeg_;
};

TEST_F(ImageSourceTest, ReadsWhatTheStepsMake) {
  const ImageSource images = source();
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images.shape().front().dimensions, (std::vector<std::int64_t>{3, 16, 16}));
  EXPECT_EQ(images.label(1), 1);

  std::vector<float> read(3 * 16 * 16);
  std::vector<float> expected(read.size());
  const ReadSeconds seconds = images.read(0, std::array{std::as_writable_bytes(std::span(read))});
  preprocess(decode_image(*make_decoder("stb"), jpeg_), images.preprocessing(), expected);
  EXPECT_EQ(read, expected);
  EXPECT_GE(seconds.storage, 0);
  EXPECT_GT(seconds.decode, 0);
  EXPECT_GT(seconds.preprocess, 0);
}

TEST_F(ImageSourceTest, NamesADamagedFile) {
  const ImageSource images = source();
  write_file(data_.path() / "train/b/1.jpg", std::span(jpeg_).first(jpeg_.size() / 2));
  std::vector<std::byte> out(bytes_of(images.shape()));
  const auto error =
      message_of<std::runtime_error>([&] { images.read(1, std::array{std::span(out)}); });
  EXPECT_TRUE(contains(error, "train/b/1.jpg': the JPEG is truncated"));
  EXPECT_NO_THROW(images.read(0, std::array{std::span(out)}));
}

TEST_F(ImageSourceTest, NamesAFileThatIsGone) {
  const ImageSource images = source();
  std::filesystem::remove(data_.path() / "train/a/1.jpg");
  std::vector<std::byte> out(bytes_of(images.shape()));
  EXPECT_TRUE(
      contains(message_of<std::runtime_error>([&] { images.read(0, std::array{std::span(out)}); }),
               "train/a/1.jpg': No such file or directory"));
}

TEST_F(ImageSourceTest, RefusesAnOutputOfAnotherSize) {
  std::vector<std::byte> out(7);
  EXPECT_THROW(source().read(0, std::array{std::span(out)}), std::invalid_argument);
}

}  // namespace
}  // namespace model_search
