// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace model_search {

/// How the 8-bit values of each channel become float32: (value / 255 - mean) / deviation.
struct Normalization {
  std::array<float, 3> mean;
  std::array<float, 3> deviation;
  /// Computed from the two above. Every implementation must give these values.
  std::array<std::array<float, 256>, 3> table;

  Normalization(const std::array<float, 3>& means, const std::array<float, 3>& deviations);
};

/// Normalizes `width` RGB pixels into three rows, one per channel.
using NormalizeRow = void (*)(const Normalization&, const std::uint8_t* pixels, std::size_t width,
                              float* red, float* green, float* blue);

/// Looks the values up in the table.
void normalize_row_portable(const Normalization& normalization, const std::uint8_t* pixels,
                            std::size_t width, float* red, float* green, float* blue);

/// The fastest one that gives the table's bits on this processor. Its stores may bypass the caches,
/// since a batch is larger than they are: finish_rows() must come before another thread reads.
[[nodiscard]] NormalizeRow best_normalize_row(const Normalization& normalization);
void finish_rows();

}  // namespace model_search
