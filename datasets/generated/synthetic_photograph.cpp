// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/synthetic_photograph.h"

#include <algorithm>
#include <cmath>

#include "datasets/generated/seeded_noise.h"

namespace model_search {
namespace {

constexpr float kColorSpread = 0.13F;  // how far a photograph's colors deviate from its class's
constexpr float kTextureContrast = 0.22F;
constexpr float kSensorNoise = 0.125F;

struct Point {
  float x;
  float y;
};

/// A rotation without sine and cosine, whose last bits differ between C libraries.
struct Turn {
  float cosine;
  float sine;
  /// `half_tangent`: tan(angle / 2).
  static Turn of(float half_tangent) {
    const float square = half_tangent * half_tangent;
    return {(1.0F - square) / (1.0F + square), 2.0F * half_tangent / (1.0F + square)};
  }
  [[nodiscard]] Point apply(Point p) const {
    return {cosine * p.x + sine * p.y, cosine * p.y - sine * p.x};
  }
};

struct Texture {
  Turn turn;
  Point frequency;
  Point offset;
  float roughness;

  Texture(const PhotographStyle& style, SeededRandom& random, float finer)
      : turn(Turn::of(style.direction + random.between(-0.15F, 0.15F))),
        offset{random.between(0.0F, 100.0F), random.between(0.0F, 100.0F)},
        roughness(style.roughness + random.between(0.14F, 0.24F)) {
    const float cells = finer * style.coarseness * random.between(0.9F, 1.7F);
    const float stretch = std::sqrt(style.stretch);
    frequency = {cells / stretch, cells * stretch};
  }
  [[nodiscard]] float at(Point p, const NoiseField& noise, int octaves) const {
    const Point turned = turn.apply(p);
    return noise.fractal(turned.x * frequency.x + offset.x, turned.y * frequency.y + offset.y,
                         octaves, roughness);
  }
};

/// Negative inside, positive outside, about 1 at twice the size; `p` in units of the object.
float outline(Shape shape, Point p) {
  const float radius = std::sqrt(p.x * p.x + p.y * p.y);
  switch (shape) {
    case Shape::disc:
      return radius - 1.0F;
    case Shape::box:
      return std::max(std::abs(p.x), std::abs(p.y)) - 1.0F;
    case Shape::ring:
      return std::abs(radius - 0.75F) - 0.25F;
    case Shape::spire:
      return std::max(std::abs(p.x) - 0.5F * (p.y + 1.0F), std::abs(p.y) - 1.0F);
    case Shape::dome:
      return std::max(radius - 1.0F, p.y - 0.25F);
  }
  return 1.0F;
}

Color vary(const Color& color, SeededRandom& random) {
  const float exposure = random.between(-kColorSpread, kColorSpread);
  Color varied = color;
  for (float& channel : varied) {
    channel += exposure + random.between(-kColorSpread, kColorSpread);
  }
  return varied;
}

struct Object {
  Shape shape;
  Point center;
  Point size;
  Turn turn;
  Color color;
  Texture texture;
  float softness;

  Object(const PhotographStyle& style, SeededRandom& random)
      : shape(style.shape),
        center{random.between(-0.45F, 0.45F), random.between(-0.35F, 0.35F)},
        turn(Turn::of(random.between(-0.2F, 0.2F))),
        color(vary(style.object, random)),
        texture(style, random, 1.7F),
        softness(random.between(0.02F, 0.10F)) {
    const float scale = random.between(0.14F, 0.34F);
    const float elongation = std::sqrt(style.elongation * random.between(0.8F, 1.25F));
    size = {scale / elongation, scale * elongation};
  }
};

/// Paints `object` over `color` where it covers `p`; the light comes from the upper left.
void paint(const Object& object, Point p, const NoiseField& noise, Color& color) {
  const Point turned = object.turn.apply({p.x - object.center.x, p.y - object.center.y});
  const Point local{turned.x / object.size.x, turned.y / object.size.y};
  const float distance = outline(object.shape, local);
  if (distance >= object.softness) return;
  const float inside = std::min((object.softness - distance) / (2.0F * object.softness), 1.0F);
  const float cover = inside * inside * (3.0F - 2.0F * inside);
  const float shade = 1.0F - 0.18F * (local.x + local.y);
  const float grain = 0.75F * kTextureContrast * object.texture.at(p, noise, 5);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const float painted = object.color[channel] * shade + grain;
    color[channel] += cover * (painted - color[channel]);
  }
}

/// Sensor noise from 16 bits, in [-1, 1).
float speckle(std::uint64_t bits) {
  return static_cast<float>(static_cast<std::int32_t>(bits & 0xFFFFU) - 0x8000) * 0x1p-15F;
}

/// Three in ten are upright; the sizes are common ones in ImageNet.
Image blank_photograph(SeededRandom& random) {
  static constexpr std::array<std::int64_t, 8> shorter_sides{375, 375, 375, 375,
                                                             333, 357, 400, 334};
  Image image{500, shorter_sides[random.below(shorter_sides.size())], {}};
  if (random.below(10) < 3) std::swap(image.width, image.height);
  image.pixels.resize(static_cast<std::size_t>(image.width * image.height * 3));
  return image;
}

}  // namespace

Image draw_photograph(const PhotographStyle& style, std::uint64_t seed) {
  SeededRandom random(seed);
  Image image = blank_photograph(random);
  const NoiseField noise(random);
  const Color top = vary(style.top, random);
  const Color bottom = vary(style.bottom, random);
  const Texture texture(style, random, 1.0F);
  const Point tint_offset{random.between(0.0F, 100.0F), random.between(0.0F, 100.0F)};
  const float contrast = kTextureContrast * random.between(0.7F, 1.3F);
  const float sensor = kSensorNoise * random.between(0.6F, 1.4F);
  std::vector<Object> objects;
  const std::size_t count = 1 + random.below(static_cast<std::size_t>(style.objects));
  for (std::size_t i = 0; i < count; ++i) objects.emplace_back(style, random);

  const float unit = 1.0F / static_cast<float>(std::min(image.width, image.height));
  std::uint8_t* pixel = image.pixels.data();
  for (std::int64_t row = 0; row < image.height; ++row) {
    const float height = static_cast<float>(row) / static_cast<float>(image.height);
    for (std::int64_t column = 0; column < image.width; ++column, pixel += 3) {
      const Point p{(static_cast<float>(column) - 0.5F * static_cast<float>(image.width)) * unit,
                    (static_cast<float>(row) - 0.5F * static_cast<float>(image.height)) * unit};
      const float grain = contrast * texture.at(p, noise, 7);
      const float tint =
          0.05F * noise.fractal(2.0F * p.x + tint_offset.x, 2.0F * p.y + tint_offset.y, 2, 0.5F);
      Color color;
      for (std::size_t channel = 0; channel < 3; ++channel) {
        color[channel] = top[channel] + height * (bottom[channel] - top[channel]) + grain;
      }
      color[0] += tint;
      color[2] -= tint;
      for (const Object& object : objects) paint(object, p, noise, color);

      const float vignette = 1.0F - 0.35F * (p.x * p.x + p.y * p.y);
      const std::uint64_t bits = random.bits();  // four times 16: of all channels, and of each
      const float shot = 1.0F * speckle(bits >> 48U);
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const float noise_here = sensor * (shot + 0.6F * speckle(bits >> (16U * channel)));
        const float value = color[channel] * vignette + noise_here;
        pixel[channel] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 1.0F) * 255.0F + 0.5F);
      }
    }
  }
  return image;
}

}  // namespace model_search
