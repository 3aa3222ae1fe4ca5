// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace model_search {

/// What becomes of the 8-bit values of each channel: (value / 255 - mean) / deviation in float32.
struct Normalization {
  std::array<float, 3> mean;
  std::array<float, 3> deviation;
  std::array<std::array<float, 256>, 3> table;  ///< made of the two above; what is right

  Normalization(const std::array<float, 3>& means, const std::array<float, 3>& deviations);
};

/// Normalises `width` RGB pixels into three rows, one per channel.
using NormalizeRow = void (*)(const Normalization&, const std::uint8_t* pixels, std::size_t width,
                              float* red, float* green, float* blue);

/// By the table.
void normalize_row_portable(const Normalization& normalization, const std::uint8_t* pixels,
                            std::size_t width, float* red, float* green, float* blue);

/// The fastest one that gives the table's bits on this processor. Its stores may bypass the caches,
/// since a batch is larger than they are: finish_rows() must come before another thread reads.
[[nodiscard]] NormalizeRow best_normalize_row(const Normalization& normalization);
void finish_rows();

}  // namespace model_search
