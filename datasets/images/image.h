// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace model_search {

/// Decoded pixels: RGB, 8 bits, [height, width, 3], rows from the top.
struct Image {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> pixels;
};

/// A part of an image, in its pixels.
struct Rectangle {
  std::int64_t left = 0;
  std::int64_t top = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool operator==(const Rectangle&) const = default;
};

/// Some consecutive rows of an image, or of a range of its columns: RGB, 8 bits.
struct PixelRows {
  Rectangle place;                       ///< in the whole image
  const std::uint8_t* pixels = nullptr;  ///< of row place.top, column place.left
  std::size_t stride = 0;                ///< bytes from one row to the next
  std::size_t bytes = 0;                 ///< readable from `pixels` on
};

/// Takes an image from its decoder piece by piece, so that a decoder holds only a small part of it,
/// and each piece is used while it is in the processor's cache.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Called as soon as the image's size is known, before memory is taken for it. Returns the part
  /// that is needed: the decoder may deliver more columns, and rows above and below it, but need
  /// not. Throws std::runtime_error for a size that the sink cannot take.
  virtual Rectangle begin(std::int64_t width, std::int64_t height) = 0;
  /// The next rows, from the top, without gaps.
  virtual void rows(const PixelRows& piece) = 0;
};

}  // namespace model_search
