// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "datasets/images/image.h"

namespace model_search {

/// A smooth image, so that JPEG keeps it nearly as it is.
inline Image gradient_image(std::int64_t width, std::int64_t height) {
  Image image{width, height, {}};
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      image.pixels.push_back(static_cast<std::uint8_t>(255 * x / width));
      image.pixels.push_back(static_cast<std::uint8_t>(255 * y / height));
      image.pixels.push_back(static_cast<std::uint8_t>(127 * x / width + 64));
    }
  }
  return image;
}

}  // namespace model_search
