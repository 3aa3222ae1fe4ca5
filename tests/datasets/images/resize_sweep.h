// SPDX-License-Identifier: Apache-2.0
// The images of resize_sweep.txt, which regenerate_resize_sweep.py explains and writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "datasets/images/image.h"

namespace model_search {

/// A size, and the fingerprints of the pixels that are expected for it.
struct SweepSize {
  std::int64_t width;
  std::int64_t height;
  std::string noise;
  std::string noise_horizontal_first;
  std::string squares;
};

inline std::vector<SweepSize> resize_sweep(const char* path) {
  std::vector<SweepSize> sizes;
  std::ifstream file(path);
  for (SweepSize size; file >> size.width >> size.height >> size.noise >>
                       size.noise_horizontal_first >> size.squares;) {
    sizes.push_back(size);
  }
  return sizes;
}

inline std::uint8_t noise_at(std::size_t index) {
  std::uint32_t value = static_cast<std::uint32_t>(index) * 2654435761U;
  value = (value ^ value >> 16U) * 2246822519U;
  return static_cast<std::uint8_t>(value >> 24U);
}

/// Neighboring values have nothing in common.
inline Image noise_image(std::int64_t width, std::int64_t height) {
  Image image{width, height,
              std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width * height))};
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = noise_at(i);
  return image;
}

/// Gray squares as large as JPEG's blocks: a file of quality 100 keeps them exactly.
inline Image square_image(std::int64_t width, std::int64_t height) {
  Image image{width, height, {}};
  image.pixels.reserve(static_cast<std::size_t>(3 * width * height));
  const std::int64_t columns = (width + 7) / 8;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const auto square = static_cast<std::size_t>(y / 8 * columns + x / 8);
      image.pixels.insert(image.pixels.end(), 3, noise_at(square));
    }
  }
  return image;
}

}  // namespace model_search
