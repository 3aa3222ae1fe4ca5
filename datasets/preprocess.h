// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "datasets/decoder.h"

namespace model_search {

/// What torchvision's classification presets do to a photograph: shorter side to `resize`
/// (antialiased bilinear on 8-bit pixels, as PIL), centre crop of `crop` x `crop` with Python's
/// half-even rounding of the offset, to [0, 1], then (x - mean) / std per channel.
/// Defaults: torchvision.transforms, Resize(256), CenterCrop(224), ImageNet's mean and std.
struct Preprocessing {
  std::int64_t resize = 256;
  std::int64_t crop = 224;
  std::array<float, 3> mean{0.485F, 0.456F, 0.406F};
  std::array<float, 3> deviation{0.229F, 0.224F, 0.225F};

  /// Names every setting and the algorithm's version; part of the key of every cache.
  [[nodiscard]] std::string identity() const;
};

/// Writes [3, crop, crop] float32 to `out` (3 * crop * crop values). Throws std::runtime_error
/// for an image without pixels, std::invalid_argument for an `out` of another size.
void preprocess(const Image& image, const Preprocessing& settings, std::span<float> out);

}  // namespace model_search
