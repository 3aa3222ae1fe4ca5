// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "datasets/generated/photograph_style.h"
#include "datasets/images/image.h"

namespace model_search {

/// Draws a picture that costs a decoder what a photograph costs: gradients, textures with a 1/f
/// spectrum, soft-edged shaded objects and sensor noise, about 500 x 375 pixels (three in ten
/// upright). Equal for equal arguments on every machine: only sums, products, quotients, square
/// roots and comparisons of float, which IEEE 754 rounds in one way.
[[nodiscard]] Image draw_photograph(const PhotographStyle& style, std::uint64_t seed);

}  // namespace model_search
