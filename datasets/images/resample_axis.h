// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace model_search {

/// Which input pixels an output pixel depends on along one axis, and their weights: Pillow's
/// triangle filter, as wide as the reduction, with weights in fixed point.
/// https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters
struct ResampleAxis {
  static constexpr int fraction_bits = 22;
  /// A weight is `high * 2^low_bits + low`, both of which fit in 16 bits: instructions that
  /// multiply 16-bit pairs then give the same sums as 32-bit arithmetic.
  static constexpr int low_bits = 11;

  struct Range {
    std::size_t first;
    std::size_t count;
    [[nodiscard]] std::size_t end() const { return first + count; }
  };
  /// Two weights side by side, as such an instruction takes them.
  struct Pair {
    std::int16_t first;
    std::int16_t second;
  };

  std::vector<Range> ranges;          ///< per output pixel of the window; `first` and ends ascend
  std::vector<std::int32_t> weights;  ///< [output pixel, taps], with a sum of 2^22 up to rounding
  std::vector<Pair> high;             ///< [output pixel, taps / 2]
  std::vector<Pair> low;              ///< [output pixel, taps / 2]
  std::size_t taps = 0;               ///< most pixels of a range, rounded up to a multiple of 4

  /// For output pixels `first_out` to `first_out + count` of `out_size`, made of `in_size`.
  void prepare(std::int64_t in_size, std::int64_t out_size, std::int64_t first_out,
               std::int64_t count);

  /// The input pixels that the window depends on.
  [[nodiscard]] Range input() const {
    return {ranges.front().first, ranges.back().end() - ranges.front().first};
  }

 private:
  void pack(std::size_t kept);

  std::vector<double> scratch_;  ///< a member, so that images need no allocation
};

}  // namespace model_search
