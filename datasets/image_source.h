// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "datasets/decoder.h"
#include "datasets/image_folder.h"
#include "datasets/item_source.h"
#include "datasets/preprocess.h"

namespace model_search {

/// The photographs of a folder as preprocessed tensors [3, crop, crop] float32: reads the file,
/// decodes it and preprocesses it. A damaged image is an error that names the file: it is never
/// skipped, because features must keep their place beside the labels.
class ImageSource : public ItemSource {
 public:
  ImageSource(ImageFolder folder, std::string_view decoder, Preprocessing preprocessing = {});

  [[nodiscard]] std::size_t size() const override { return folder_.images.size(); }
  [[nodiscard]] ItemShape shape() const override;
  [[nodiscard]] std::int64_t label(std::size_t index) const override;
  ReadSeconds read(std::size_t index, std::span<std::byte> out) const override;

  [[nodiscard]] const ImageFolder& folder() const { return folder_; }
  [[nodiscard]] const Preprocessing& preprocessing() const { return preprocessing_; }

 private:
  ImageFolder folder_;
  Preprocessing preprocessing_;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace model_search
