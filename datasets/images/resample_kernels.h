// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "datasets/images/resample_axis.h"

namespace model_search {

/// The two passes of resampling RGB pixels of 8 bits. All implementations give the same bits.
struct ResampleKernels {
  const char* name;
  /// Resamples `count` rows along x: `in` is the pixel `first_column` of the first row, rows are
  /// `in_stride` bytes apart, and `in_bytes` may be read from `in` on; row y goes to
  /// `out + y * out_stride`, ranges.size() pixels of 3 bytes. Writes up to 16 bytes beyond a row.
  void (*along_rows)(const ResampleAxis& axis, std::size_t first_column, const std::uint8_t* in,
                     std::size_t in_stride, std::size_t in_bytes, std::size_t count,
                     std::uint8_t* out, std::size_t out_stride);
  /// Makes output pixel `place` of the axis for all `values` bytes of a row: `in` is row
  /// ranges[place].first. Reads and writes up to 32 bytes beyond `values`.
  void (*along_columns)(const ResampleAxis& axis, std::size_t place, const std::uint8_t* in,
                        std::size_t in_stride, std::size_t values, std::uint8_t* out);
};

/// Plain C++.
[[nodiscard]] const ResampleKernels& portable_kernels();
/// 256-bit integer instructions of x86-64 (Haswell, Zen and later); nullptr where this processor or
/// this build has none.
[[nodiscard]] const ResampleKernels* avx2_kernels();
/// The fastest that this processor can run.
[[nodiscard]] const ResampleKernels& best_kernels();

}  // namespace model_search
