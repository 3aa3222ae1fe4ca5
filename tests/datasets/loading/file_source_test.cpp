// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/file_source.h"

#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>

#include "datasets/files/file_bytes.h"
#include "datasets/generated/stb_encoder.h"
#include "tests/datasets/error_message.h"
#include "tests/datasets/test_image.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

class FileSourceTest : public ::testing::Test {
 protected:
  FileSourceTest() {
    for (const auto& [name, image] :
         {std::pair{"train/a/1.jpg", &small_}, {"train/b/1.jpg", &large_}}) {
      data_.write(name);
      write_file(data_.path() / name, *image);
    }
  }
  [[nodiscard]] FileSource source() const {
    return FileSource(list_class_folder(data_.path(), "train", image_kind()));
  }
  /// Reads an item into memory that is not cleared.
  void read(const FileSource& source, std::size_t index) {
    room_.assign(source.shape()[0].bytes(), std::byte{7});
    size_.assign(4, std::byte{0});
    source.read(index, std::array{std::span(room_), std::span(size_)});
  }
  [[nodiscard]] std::size_t size() const {
    std::int32_t value = 0;
    std::memcpy(&value, size_.data(), sizeof(value));
    return static_cast<std::size_t>(value);
  }

  TemporaryFolder data_;
  std::vector<std::byte> small_ = encode_jpeg(gradient_image(20, 20), 90);
  std::vector<std::byte> large_ = encode_jpeg(gradient_image(90, 70), 95);
  std::vector<std::byte> room_;
  std::vector<std::byte> size_;
};

TEST_F(FileSourceTest, GivesWholeFilesAndTheirSizes) {
  const FileSource files = source();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files.shape()[0].bytes(), large_.size());
  EXPECT_EQ(files.files().size(), 2U);
  EXPECT_EQ(files.label(1), 1);
  read(files, 0);
  ASSERT_EQ(size(), small_.size());
  EXPECT_EQ(std::memcmp(room_.data(), small_.data(), small_.size()), 0);
  read(files, 1);
  ASSERT_EQ(size(), large_.size());
  EXPECT_EQ(room_, large_);
}

TEST_F(FileSourceTest, NamesFilesThatAreTruncatedOrHaveGrown) {
  const FileSource files = source();
  write_file(data_.path() / "train/a/1.jpg", std::span(small_).first(small_.size() / 2));
  EXPECT_TRUE(contains(message_of<std::runtime_error>([&] { read(files, 0); }),
                       "train/a/1.jpg': the JPEG is truncated"));
  std::vector<std::byte> longer = large_;
  longer.resize(large_.size() + 1000);
  write_file(data_.path() / "train/b/1.jpg", longer);
  EXPECT_TRUE(contains(message_of<std::runtime_error>([&] { read(files, 1); }), "has grown"));
}

TEST_F(FileSourceTest, HandsOnEveryKindThatIsReadAndRefusesOthers) {
  const auto write = [this](std::string_view content) {
    write_file(data_.path() / "train/a/1.jpg", std::as_bytes(std::span(content)));
  };
  const FileSource files = source();
  write("P6 1 1 255\nrgb");
  EXPECT_NO_THROW(read(files, 0));
  write("<html></html>");
  EXPECT_TRUE(contains(message_of<std::runtime_error>([&] { read(files, 0); }),
                       "train/a/1.jpg': the file is of no kind that is read: JPEG, PNG"));
}

}  // namespace
}  // namespace model_search
