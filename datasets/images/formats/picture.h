// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "datasets/images/image.h"

namespace model_search {

/// Says the size of an image to `sink`, which refuses what it does not take: to be called before
/// memory is taken for the image. Throws std::runtime_error where it has no pixels.
void announce(RowSink& sink, std::uint64_t width, std::uint64_t height);

/// An image that its decoder makes as a whole: RGB, 8 bits, [height, width, 3].
class Picture {
 public:
  Picture(std::uint64_t width, std::uint64_t height)
      : width_(width), height_(height), pixels_(width * height * 3) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::size_t height() const { return height_; }
  [[nodiscard]] std::uint8_t* row(std::size_t y) { return pixels_.data() + y * width_ * 3; }
  /// Gives the pixels to a sink that knows the size.
  void give_to(RowSink& sink) const;

 private:
  std::size_t width_;
  std::size_t height_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace model_search
