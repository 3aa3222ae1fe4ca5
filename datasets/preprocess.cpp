// SPDX-License-Identifier: Apache-2.0
#include "datasets/preprocess.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "datasets/resample.h"

namespace model_search {
namespace {

/// Python's round(margin / 2.0): halves go to the even neighbour.
std::int64_t crop_offset(std::int64_t size, std::int64_t crop) {
  const std::int64_t margin = size - crop;
  const std::int64_t half = margin / 2;
  return half + (margin % 2 != 0 && half % 2 != 0 ? 1 : 0);
}

void require_valid(const Image& image, const Preprocessing& settings, std::size_t out_size) {
  if (settings.crop < 1 || settings.crop > settings.resize) {
    throw std::invalid_argument("a crop of " + std::to_string(settings.crop) +
                                " pixels is impossible: it must be 1 to resize (" +
                                std::to_string(settings.resize) + ")");
  }
  const auto expected = static_cast<std::size_t>(3 * settings.crop * settings.crop);
  if (out_size != expected) {
    throw std::invalid_argument("preprocess writes " + std::to_string(expected) +
                                " values, but the output has room for " + std::to_string(out_size));
  }
  const bool has_pixels = image.width > 0 && image.height > 0;
  if (!has_pixels || image.pixels.size() != static_cast<std::size_t>(image.width) *
                                                static_cast<std::size_t>(image.height) * 3) {
    throw std::runtime_error("the image has no pixels (" + std::to_string(image.width) + " x " +
                             std::to_string(image.height) + ")");
  }
}

}  // namespace

std::string Preprocessing::identity() const {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(),
                "resize%lld-bilinear1-crop%lld-mean%.6g,%.6g,%.6g-std%.6g,%.6g,%.6g",
                static_cast<long long>(resize), static_cast<long long>(crop), mean[0], mean[1],
                mean[2], deviation[0], deviation[1], deviation[2]);
  return text.data();
}

void preprocess(const Image& image, const Preprocessing& settings, std::span<float> out) {
  require_valid(image, settings, out.size());
  // torchvision's size rule: the longer side is truncated, int(resize * long / short).
  const std::int64_t shorter = std::min(image.width, image.height);
  const std::int64_t width = settings.resize * image.width / shorter;
  const std::int64_t height = settings.resize * image.height / shorter;
  const ResampleWindow window{crop_offset(width, settings.crop), crop_offset(height, settings.crop),
                              settings.crop, settings.crop};

  thread_local std::vector<std::uint8_t> pixels;
  pixels.resize(out.size());
  resample_bilinear(image, width, height, window, pixels);

  // 8 bits have 256 values: a table per channel replaces a division per pixel.
  const std::size_t plane = out.size() / 3;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::array<float, 256> normalized{};
    for (std::size_t value = 0; value < normalized.size(); ++value) {
      normalized[value] = (static_cast<float>(value) / 255.0F - settings.mean[channel]) /
                          settings.deviation[channel];
    }
    float* destination = out.data() + channel * plane;
    const std::uint8_t* source = pixels.data() + channel;
    for (std::size_t i = 0; i < plane; ++i) destination[i] = normalized[source[3 * i]];
  }
}

}  // namespace model_search
