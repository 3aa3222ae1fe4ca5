// SPDX-License-Identifier: Apache-2.0
#include "datasets/loading/text_source.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "tests/datasets/error_message.h"
#include "tests/temporary_folder.h"

namespace model_search {
namespace {

/// Gives each byte its own id, between 1 and 2; padding is 7, so that a zero in an item is wrong.
class BytesTokenizer : public Tokenizer {
 public:
  void encode(std::string_view text, std::size_t max_length,
              std::vector<std::int32_t>& ids) const override {
    ids.assign(1, 1);
    for (const char letter : text.substr(0, max_length - 2)) ids.push_back(1000 + letter);
    ids.push_back(2);
  }
  [[nodiscard]] std::string_view kind() const override { return "bytes"; }
  [[nodiscard]] std::int32_t padding_id() const override { return 7; }
  [[nodiscard]] std::int64_t vocabulary_size() const override { return 1256; }
  [[nodiscard]] std::string last_token() const override { return "last"; }
  [[nodiscard]] std::string identity() const override { return "bytes-1"; }
};

/// An item's tensors; starts with values that no item has, to see that all are written.
struct TextItem {
  explicit TextItem(const TextSource& source)
      : ids(source.max_length(), -1), mask(source.max_length(), std::byte{9}) {}
  ReadSeconds read(const TextSource& source, std::size_t index) {
    return source.read(index, std::array{std::as_writable_bytes(std::span(ids)), std::span(mask)});
  }
  [[nodiscard]] std::string mask_text() const {
    std::string text;
    for (const std::byte value : mask) text += std::to_string(static_cast<int>(value));
    return text;
  }
  std::vector<std::int32_t> ids;
  std::vector<std::byte> mask;
};

class TextSourceTest : public ::testing::Test {
 protected:
  TextSourceTest() {
    data_.write("train/neg/0.txt", "ab");
    data_.write("train/pos/0.txt", "abcdefgh");
  }
  [[nodiscard]] TextSource source(std::size_t max_length = 6) const {
    return {list_class_folder(data_.path(), "train", text_kind()),
            std::make_shared<BytesTokenizer>(), max_length};
  }
  [[nodiscard]] static std::string error_of(const TextSource& texts, std::size_t index) {
    TextItem item(texts);
    return message_of<std::runtime_error>([&] { item.read(texts, index); });
  }
  TemporaryFolder data_;
};

TEST_F(TextSourceTest, HasIdsAndTheirMask) {
  const TextSource texts = source();
  EXPECT_EQ(texts.shape(), (ItemShape{{{6}, Element::int32}, {{6}, Element::boolean}}));
  EXPECT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts.label(0), 0);
  EXPECT_EQ(texts.label(1), 1);
  EXPECT_EQ(texts.folder().classes, (std::vector<std::string>{"neg", "pos"}));
  EXPECT_EQ(texts.tokenizer().kind(), "bytes");
  EXPECT_EQ(texts.identity(), "tokenizer=bytes-1 max_length=6");
}

TEST_F(TextSourceTest, FillsAShortTextUp) {
  const TextSource texts = source();
  TextItem item(texts);
  const ReadSeconds seconds = item.read(texts, 0);
  EXPECT_EQ(item.ids, (std::vector<std::int32_t>{1, 1000 + 'a', 1000 + 'b', 2, 7, 7}));
  EXPECT_EQ(item.mask_text(), "111100");
  EXPECT_GT(seconds.storage, 0);
  EXPECT_GE(seconds.decode, 0);
  EXPECT_EQ(seconds.preprocess, 0);
}

TEST_F(TextSourceTest, CutsALongTextOff) {
  const TextSource texts = source();
  TextItem item(texts);
  item.read(texts, 1);
  EXPECT_EQ(item.ids,
            (std::vector<std::int32_t>{1, 1000 + 'a', 1000 + 'b', 1000 + 'c', 1000 + 'd', 2}));
  EXPECT_EQ(item.mask_text(), "111111");
}

TEST_F(TextSourceTest, KeepsNothingOfTheTextBefore) {
  const TextSource texts = source();
  TextItem item(texts);
  TextItem again(texts);
  item.read(texts, 0);
  again.read(texts, 1);
  again.read(texts, 0);
  EXPECT_EQ(item.ids, again.ids);
  EXPECT_EQ(item.mask_text(), again.mask_text());
}

TEST_F(TextSourceTest, TakesAnEmptyFileAsSpecialTokens) {
  data_.write("train/neg/0.txt", "");
  const TextSource texts = source();
  TextItem item(texts);
  item.read(texts, 0);
  EXPECT_EQ(item.ids, (std::vector<std::int32_t>{1, 2, 7, 7, 7, 7}));
  EXPECT_EQ(item.mask_text(), "110000");
}

TEST_F(TextSourceTest, IsReadByManyThreads) {
  const TextSource texts = source(8);
  std::array<TextItem, 2> items{TextItem(texts), TextItem(texts)};
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < items.size(); ++i) {
      threads.emplace_back([&, i] {
        for (int round = 0; round < 50; ++round) items.at(i).read(texts, i);
      });
    }
  }
  EXPECT_EQ(items[0].mask_text(), "11110000");
  EXPECT_EQ(items[1].mask_text(), "11111111");
}

TEST_F(TextSourceTest, NamesAFileThatIsGone) {
  const TextSource texts = source();
  std::filesystem::remove(data_.path() / "train/neg/0.txt");
  EXPECT_TRUE(contains(error_of(texts, 0), "train/neg/0.txt': No such file or directory"));
  EXPECT_TRUE(contains(error_of(texts, 0), data_.path().string()));
}

TEST_F(TextSourceTest, NamesAFileThatBecameAFolder) {
  const TextSource texts = source();
  std::filesystem::remove(data_.path() / "train/neg/0.txt");
  std::filesystem::create_directory(data_.path() / "train/neg/0.txt");
  EXPECT_TRUE(contains(error_of(texts, 0), "train/neg/0.txt': Is a directory"));
}

TEST_F(TextSourceTest, NamesAFileThatIsNoText) {
  const std::filesystem::path path = data_.path() / "train/neg/0.txt";
  std::filesystem::resize_file(path, TextSource::max_file_bytes);
  const TextSource texts = source();
  TextItem item(texts);
  EXPECT_NO_THROW(item.read(texts, 0));
  std::filesystem::resize_file(path, TextSource::max_file_bytes + 1);
  EXPECT_TRUE(
      contains(error_of(texts, 0), "train/neg/0.txt' has 16777217 bytes; at most 16777216"));
}

TEST_F(TextSourceTest, RefusesWhatCannotWork) {
  EXPECT_THROW((void)source(1), std::invalid_argument);
  EXPECT_THROW(TextSource(list_class_folder(data_.path(), "train", text_kind()), nullptr, 6),
               std::invalid_argument);
  const TextSource texts = source();
  std::vector<std::byte> ids(24);
  EXPECT_THROW(texts.read(0, std::array{std::span(ids)}), std::invalid_argument);
}

}  // namespace
}  // namespace model_search
