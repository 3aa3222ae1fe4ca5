// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/files/class_folder.h"
#include "datasets/loading/item_source.h"
#include "datasets/text/tokenizer.h"

namespace model_search {

/// Fills `bytes` with the file of a text. Throws DamagedFile where it cannot be read or is larger
/// than TextSource::max_file_bytes.
void read_text_file(const std::filesystem::path& path, std::vector<std::byte>& bytes);

/// The texts of a folder as token ids: reads the file and tokenizes it. An item is two tensors, ids
/// [max_length] int32, filled up with the tokenizer's padding id, and their mask [max_length]
/// boolean, true for tokens (special ones included) and false for padding. An empty file is a text
/// of special tokens alone. A file that cannot be read is an error that names it: it is never
/// skipped, because features must stay in line with the labels.
class TextSource : public ItemSource {
 public:
  /// A larger file is an error. No review is that long, so it is another file in the wrong place,
  /// and tokenizing it would take so long that the program seems to hang. 16 MiB.
  static constexpr std::size_t max_file_bytes = std::size_t{16} << 20U;

  /// `max_length`: tokens of an item; the end of a longer text is cut off. Throws
  /// std::invalid_argument where it is below 2 (room for the special tokens) or `tokenizer` is
  /// null.
  TextSource(ClassFolder folder, std::shared_ptr<const Tokenizer> tokenizer,
             std::size_t max_length);

  [[nodiscard]] std::size_t size() const override { return folder_.files.size(); }
  [[nodiscard]] const ItemShape& shape() const override { return shape_; }
  [[nodiscard]] std::int64_t label(std::size_t index) const override;
  /// Tokenizing counts as `decode`; there is no preprocessing.
  ReadSeconds read(std::size_t index, ItemBytes out) const override;
  /// Reading a short text takes no longer than coordinating the threads, so they take several.
  [[nodiscard]] std::size_t items_per_read() const override { return 8; }

  [[nodiscard]] std::vector<std::filesystem::path> files() const override {
    return folder_.paths();
  }
  [[nodiscard]] std::filesystem::path file(std::size_t index) const override {
    return folder_.files.at(index).path;
  }

  [[nodiscard]] const ClassFolder& folder() const { return folder_; }
  [[nodiscard]] const Tokenizer& tokenizer() const { return *tokenizer_; }
  [[nodiscard]] std::size_t max_length() const { return max_length_; }
  /// How the items are made from the files, for the keys of caches:
  /// "tokenizer=<identity> max_length=512".
  [[nodiscard]] std::string identity() const;

 private:
  ClassFolder folder_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::size_t max_length_;
  ItemShape shape_;
};

}  // namespace model_search
