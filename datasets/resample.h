// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "datasets/decoder.h"

namespace model_search {

/// A rectangle of the resized image, in its pixels.
struct ResampleWindow {
  std::int64_t left = 0;
  std::int64_t top = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// Resizes `image` to `width` x `height` and writes only `window` of it to `out`
/// ([window.height, window.width, 3], 8 bits). Bit-equal to Pillow's BILINEAR: a triangle filter
/// as wide as the reduction (antialiased), first along rows, then along columns, 8-bit pixels in
/// between, weights in fixed point with 22 fractional bits.
/// https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters
void resample_bilinear(const Image& image, std::int64_t width, std::int64_t height,
                       const ResampleWindow& window, std::span<std::uint8_t> out);

}  // namespace model_search
