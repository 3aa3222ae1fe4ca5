// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace model_search {

/// Numbers from a seed, equal on every machine (the distributions of <random> are not).
/// splitmix64: https://prng.di.unimi.it/splitmix64.c
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  /// In [low, high).
  float between(float low, float high) {
    return low + (high - low) * (static_cast<float>(bits() >> 40U) * 0x1p-24F);
  }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(bits() % count); }

 private:
  std::uint64_t state_;
};

/// Smooth noise over the plane in [-1, 1], of one cell per unit; repeats after 128 cells.
/// Its values lie in a table, because hashing the corners of every cell costs four times as much.
class NoiseField {
 public:
  explicit NoiseField(SeededRandom& random) : values_(std::make_unique<Values>()) {
    for (float& value : *values_) value = random.between(-1.0F, 1.0F);
  }

  [[nodiscard]] float at(float x, float y) const {
    // Coordinates stay far below 2^20: the shift makes truncation a floor.
    const auto column = static_cast<std::int32_t>(x + kShift) - static_cast<std::int32_t>(kShift);
    const auto row = static_cast<std::int32_t>(y + kShift) - static_cast<std::int32_t>(kShift);
    const float u = fade(x - static_cast<float>(column));
    const float v = fade(y - static_cast<float>(row));
    const float above = mix(value(column, row), value(column + 1, row), u);
    const float below = mix(value(column, row + 1), value(column + 1, row + 1), u);
    return mix(above, below, v);
  }

  /// A sum of `octaves` noises, each twice as fine and `gain` times as strong as the one before:
  /// about 1/f for a gain of 0.5, as in photographs.
  [[nodiscard]] float fractal(float x, float y, int octaves, float gain) const {
    float sum = 0.0F;
    float amplitude = 1.0F;
    for (int octave = 0; octave < octaves; ++octave) {
      sum += amplitude * at(x, y);
      amplitude *= gain;
      const float turned = 1.6F * x - 1.2F * y + 17.3F;  // Rotate, or the lattices line up.
      y = 1.2F * x + 1.6F * y + 5.7F;
      x = turned;
    }
    return sum;
  }

 private:
  static constexpr std::int32_t kSide = 128;
  static constexpr float kShift = 65536.0F;
  using Values = std::array<float, static_cast<std::size_t>(kSide) * kSide>;

  static float fade(float t) { return t * t * (3.0F - 2.0F * t); }
  static float mix(float a, float b, float t) { return a + (b - a) * t; }
  [[nodiscard]] float value(std::int32_t column, std::int32_t row) const {
    return (
        *values_)[static_cast<std::size_t>((row & (kSide - 1)) * kSide + (column & (kSide - 1)))];
  }
  std::unique_ptr<Values> values_;
};

}  // namespace model_search
