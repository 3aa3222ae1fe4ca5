// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace model_search {

/// Red, green, blue in [0, 1].
using Color = std::array<float, 3>;

enum class Shape { disc, box, ring, spire, dome };

/// What the photographs of one class have in common; each photograph varies all of it.
struct PhotographStyle {
  std::string_view class_name;  ///< ImageNette's folder (WordNet id)
  Color top;                    ///< background at the top
  Color bottom;                 ///< background at the bottom
  Color object;
  Shape shape;
  int objects;       ///< the most that a photograph shows
  float elongation;  ///< objects: height over width
  float coarseness;  ///< texture: cells across the shorter side
  float stretch;     ///< texture: how much longer than wide its grain is
  float direction;   ///< texture: tangent of half the grain's angle (0: level, 1: upright)
  float roughness;   ///< texture: strength of each octave over the one before
};

/// The ten classes, in byte order of their names.
[[nodiscard]] std::span<const PhotographStyle> photograph_styles();

}  // namespace model_search
