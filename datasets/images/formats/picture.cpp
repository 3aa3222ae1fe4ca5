// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/formats/picture.h"

#include <stdexcept>
#include <string>

namespace model_search {

void announce(RowSink& sink, std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) {
    throw std::runtime_error("the image has " + std::to_string(width) + " x " +
                             std::to_string(height) + " pixels");
  }
  (void)sink.begin(static_cast<std::int64_t>(width), static_cast<std::int64_t>(height));
}

void Picture::give_to(RowSink& sink) const {
  const auto width = static_cast<std::int64_t>(width_);
  const auto height = static_cast<std::int64_t>(height_);
  sink.rows({.place = {0, 0, width, height},
             .pixels = pixels_.data(),
             .stride = width_ * 3,
             .bytes = pixels_.size()});
}

}  // namespace model_search
