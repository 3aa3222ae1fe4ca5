// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "datasets/files/class_folder.h"
#include "datasets/images/decoder.h"
#include "datasets/images/preprocess.h"
#include "datasets/loading/item_source.h"

namespace model_search {

/// The photographs of a folder as preprocessed tensors (preprocessed_shape()): reads the file,
/// decodes the needed part and preprocesses it piece by piece. A damaged image is an error that
/// names the file (DamagedFile): it is never skipped here, because features must stay in line with
/// the labels.
class ImageSource : public ItemSource {
 public:
  ImageSource(ClassFolder folder, std::string_view decoder, Preprocessing preprocessing = {},
              Element element = Element::float32);

  [[nodiscard]] std::size_t size() const override { return folder_.files.size(); }
  [[nodiscard]] const ItemShape& shape() const override { return shape_; }
  [[nodiscard]] std::int64_t label(std::size_t index) const override;
  ReadSeconds read(std::size_t index, ItemBytes out) const override;

  [[nodiscard]] std::vector<std::filesystem::path> files() const override {
    return folder_.paths();
  }
  [[nodiscard]] std::filesystem::path file(std::size_t index) const override {
    return folder_.files.at(index).path;
  }

  [[nodiscard]] const ClassFolder& folder() const { return folder_; }
  [[nodiscard]] const Preprocessing& preprocessing() const { return preprocessing_; }

 private:
  ClassFolder folder_;
  Preprocessing preprocessing_;
  ItemShape shape_;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace model_search
