// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "datasets/files/class_folder.h"
#include "datasets/loading/item_source.h"

namespace model_search {

/// The files of a folder as they are, for decoders that take whole files: an item is two tensors,
/// [capacity] uint8, the file's bytes followed by unused room, and [1] int32, the number of these
/// bytes. A file that is not an image or is truncated is an error that names it.
class FileSource : public ItemSource {
 public:
  /// The capacity is the size of the largest file. Throws DamagedFile for one that has no size, and
  /// std::runtime_error that names one of more than 2 GiB.
  explicit FileSource(ClassFolder folder);

  [[nodiscard]] std::size_t size() const override { return folder_.files.size(); }
  [[nodiscard]] const ItemShape& shape() const override { return shape_; }
  [[nodiscard]] ItemContent content() const override { return ItemContent::files; }
  [[nodiscard]] std::int64_t label(std::size_t index) const override;
  ReadSeconds read(std::size_t index, ItemBytes out) const override;
  [[nodiscard]] std::vector<std::filesystem::path> files() const override;
  [[nodiscard]] std::filesystem::path file(std::size_t index) const override {
    return folder_.files.at(index).path;
  }

 private:
  ClassFolder folder_;
  ItemShape shape_;
};

}  // namespace model_search
