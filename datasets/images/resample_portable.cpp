// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "datasets/images/resample_kernels.h"

namespace model_search {
namespace {

constexpr std::size_t channels = 3;
constexpr std::int32_t half = 1 << (ResampleAxis::fraction_bits - 1);

std::uint8_t to_pixel(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::min(sum >> ResampleAxis::fraction_bits, 255));
}

void along_rows(const ResampleAxis& axis, std::size_t first_column, const std::uint8_t* in,
                std::size_t in_stride, std::size_t /*in_bytes*/, std::size_t count,
                std::uint8_t* out, std::size_t out_stride) {
  for (std::size_t y = 0; y < count; ++y, in += in_stride, out += out_stride) {
    for (std::size_t x = 0; x < axis.ranges.size(); ++x) {
      const std::uint8_t* pixel = in + (axis.ranges[x].first - first_column) * channels;
      const std::int32_t* weights = axis.weights.data() + x * axis.taps;
      std::int32_t red = half;
      std::int32_t green = half;
      std::int32_t blue = half;
      for (std::size_t k = 0; k < axis.ranges[x].count; ++k, pixel += channels) {
        red += pixel[0] * weights[k];
        green += pixel[1] * weights[k];
        blue += pixel[2] * weights[k];
      }
      out[x * channels] = to_pixel(red);
      out[x * channels + 1] = to_pixel(green);
      out[x * channels + 2] = to_pixel(blue);
    }
  }
}

void along_columns(const ResampleAxis& axis, std::size_t place, const std::uint8_t* in,
                   std::size_t in_stride, std::size_t values, std::uint8_t* out) {
  constexpr std::size_t piece = 64;  // Sums stay in registers.
  const std::int32_t* weights = axis.weights.data() + place * axis.taps;
  for (std::size_t begin = 0; begin < values; begin += piece) {
    const std::size_t size = std::min(piece, values - begin);
    std::array<std::int32_t, piece> sums;
    sums.fill(half);
    for (std::size_t k = 0; k < axis.ranges[place].count; ++k) {
      const std::uint8_t* row = in + k * in_stride + begin;
      for (std::size_t i = 0; i < size; ++i) sums[i] += row[i] * weights[k];
    }
    for (std::size_t i = 0; i < size; ++i) out[begin + i] = to_pixel(sums[i]);
  }
}

}  // namespace

const ResampleKernels& portable_kernels() {
  static constexpr ResampleKernels kernels{"portable", along_rows, along_columns};
  return kernels;
}

const ResampleKernels& best_kernels() {
  static const ResampleKernels& best =
      avx2_kernels() != nullptr ? *avx2_kernels() : portable_kernels();
  return best;
}

}  // namespace model_search
