// SPDX-License-Identifier: Apache-2.0
#include "datasets/resample.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace model_search {
namespace {

constexpr int kFractionBits = 22;
constexpr std::int32_t kHalf = 1 << (kFractionBits - 1);
constexpr std::size_t kChannels = 3;

std::uint8_t to_pixel(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::min(sum >> kFractionBits, 255));
}

/// Which input pixels make an output pixel, and how much of each, along one axis.
struct Axis {
  struct Range {
    std::size_t first;
    std::size_t count;
  };
  std::vector<Range> ranges;          ///< per output pixel of the window
  std::vector<std::int32_t> weights;  ///< [output pixel, taps], sum 2^22 but for rounding
  std::size_t taps = 0;
  std::vector<double> exact;

  void prepare(std::int64_t in_size, std::int64_t out_size, std::int64_t first_out,
               std::int64_t count) {
    const double scale = static_cast<double>(in_size) / static_cast<double>(out_size);
    const double support = std::max(scale, 1.0);  // never narrower than interpolation needs
    const double inverse = 1.0 / support;
    taps = 2 * static_cast<std::size_t>(std::ceil(support)) + 1;
    ranges.clear();
    weights.assign(taps * static_cast<std::size_t>(count), 0);
    exact.resize(taps);
    for (std::int64_t i = 0; i < count; ++i) {
      const double center = (static_cast<double>(first_out + i) + 0.5) * scale;
      const auto first =
          std::max<std::int64_t>(static_cast<std::int64_t>(center - support + 0.5), 0);
      const auto end = std::min(static_cast<std::int64_t>(center + support + 0.5), in_size);
      const auto size = static_cast<std::size_t>(end - first);
      double sum = 0;
      for (std::size_t k = 0; k < size; ++k) {
        const double position = static_cast<double>(static_cast<std::int64_t>(k) + first) - center;
        exact[k] = std::max(1.0 - std::abs((position + 0.5) * inverse), 0.0);
        sum += exact[k];
      }
      std::int32_t* row = weights.data() + static_cast<std::size_t>(i) * taps;
      for (std::size_t k = 0; k < size; ++k) {
        row[k] = static_cast<std::int32_t>(0.5 + exact[k] / sum * (1 << kFractionBits));
      }
      ranges.push_back({static_cast<std::size_t>(first), size});
    }
  }
};

void resample_row(const std::uint8_t* in, const Axis& axis, std::uint8_t* out) {
  for (std::size_t x = 0; x < axis.ranges.size(); ++x) {
    const std::uint8_t* pixel = in + axis.ranges[x].first * kChannels;
    const std::int32_t* weights = axis.weights.data() + x * axis.taps;
    std::int32_t red = kHalf;
    std::int32_t green = kHalf;
    std::int32_t blue = kHalf;
    for (std::size_t k = 0; k < axis.ranges[x].count; ++k, pixel += kChannels) {
      red += pixel[0] * weights[k];
      green += pixel[1] * weights[k];
      blue += pixel[2] * weights[k];
    }
    out[x * kChannels] = to_pixel(red);
    out[x * kChannels + 1] = to_pixel(green);
    out[x * kChannels + 2] = to_pixel(blue);
  }
}

}  // namespace

void resample_bilinear(const Image& image, std::int64_t width, std::int64_t height,
                       const ResampleWindow& window, std::span<std::uint8_t> out) {
  // Kept per thread: memory for an image is taken once, not once per image.
  thread_local Axis horizontal;
  thread_local Axis vertical;
  thread_local std::vector<std::uint8_t> rows;
  thread_local std::vector<std::int32_t> sums;

  horizontal.prepare(image.width, width, window.left, window.width);
  vertical.prepare(image.height, height, window.top, window.height);
  const std::size_t row_values = static_cast<std::size_t>(window.width) * kChannels;

  // Only the input rows that the window's rows are made of; ranges ascend.
  const std::size_t first_row = vertical.ranges.front().first;
  const std::size_t end_row = vertical.ranges.back().first + vertical.ranges.back().count;
  rows.resize((end_row - first_row) * row_values);
  const std::size_t in_stride = static_cast<std::size_t>(image.width) * kChannels;
  for (std::size_t y = first_row; y < end_row; ++y) {
    resample_row(image.pixels.data() + y * in_stride, horizontal,
                 rows.data() + (y - first_row) * row_values);
  }

  sums.resize(row_values);
  for (std::size_t y = 0; y < vertical.ranges.size(); ++y) {
    std::ranges::fill(sums, kHalf);
    const auto [first, count] = vertical.ranges[y];
    for (std::size_t k = 0; k < count; ++k) {
      const std::uint8_t* in = rows.data() + (first - first_row + k) * row_values;
      const std::int32_t weight = vertical.weights[y * vertical.taps + k];
      for (std::size_t i = 0; i < row_values; ++i) sums[i] += in[i] * weight;
    }
    std::ranges::transform(sums, out.begin() + static_cast<std::ptrdiff_t>(y * row_values),
                           to_pixel);
  }
}

}  // namespace model_search
