// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/resample_axis.h"

#include <algorithm>
#include <cmath>

namespace model_search {

void ResampleAxis::prepare(std::int64_t in_size, std::int64_t out_size, std::int64_t first_out,
                           std::int64_t count) {
  const double scale = static_cast<double>(in_size) / static_cast<double>(out_size);
  const double support = std::max(scale, 1.0);  // never narrower than interpolation needs
  const double inverse = 1.0 / support;
  taps = (2 * static_cast<std::size_t>(std::ceil(support)) + 1 + 3) / 4 * 4;
  ranges.clear();
  weights.assign(taps * static_cast<std::size_t>(count), 0);
  std::size_t most = 0;
  std::vector<double>& exact = scratch_;
  exact.resize(taps);
  for (std::int64_t i = 0; i < count; ++i) {
    const double center = (static_cast<double>(first_out + i) + 0.5) * scale;
    const auto first = std::max<std::int64_t>(static_cast<std::int64_t>(center - support + 0.5), 0);
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
      row[k] = static_cast<std::int32_t>(0.5 + exact[k] / sum * (1 << fraction_bits));
    }
    ranges.push_back({static_cast<std::size_t>(first), size});
    most = std::max(most, size);
  }
  pack((most + 3) / 4 * 4);
}

void ResampleAxis::pack(std::size_t kept) {
  constexpr std::int32_t mask = (1 << low_bits) - 1;
  high.clear();
  low.clear();
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    // The ranges need fewer taps than planned: move the rows of weights together.
    std::copy_n(weights.data() + i * taps, kept, weights.data() + i * kept);
    const std::int32_t* row = weights.data() + i * kept;
    for (std::size_t k = 0; k < kept; k += 2) {
      high.push_back({static_cast<std::int16_t>(row[k] >> low_bits),
                      static_cast<std::int16_t>(row[k + 1] >> low_bits)});
      low.push_back(
          {static_cast<std::int16_t>(row[k] & mask), static_cast<std::int16_t>(row[k + 1] & mask)});
    }
  }
  taps = kept;
  weights.resize(ranges.size() * taps);
}

}  // namespace model_search
