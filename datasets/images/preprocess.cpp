// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/preprocess.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace model_search {
namespace {

/// Python's round(margin / 2.0): halves go to the even neighbor.
std::int64_t crop_offset(std::int64_t size, std::int64_t crop) {
  const std::int64_t margin = size - crop;
  const std::int64_t half = margin / 2;
  return half + (margin % 2 != 0 && half % 2 != 0 ? 1 : 0);
}

/// Pillow's rule since version 13: https://github.com/python-pillow/Pillow/pull/9549.
bool pillow_13_is_vertical_first(const ResizePlan& plan, std::int64_t width, std::int64_t height) {
  return height > plan.height && height - plan.height > 2 * (width - plan.width);
}

}  // namespace

std::string_view name_of(ResampleOrder order) {
  return order == ResampleOrder::pillow_13 ? "pillow_13" : "horizontal_first";
}

std::string Preprocessing::identity() const {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(),
                "resize%lld-bilinear1-%s-crop%lld-mean%.6g,%.6g,%.6g-std%.6g,%.6g,%.6g",
                static_cast<long long>(resize), name_of(order).data(), static_cast<long long>(crop),
                mean[0], mean[1], mean[2], deviation[0], deviation[1], deviation[2]);
  return text.data();
}

ResizePlan resize_plan(const Preprocessing& settings, std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1) {
    throw std::runtime_error("the image has no pixels (" + std::to_string(width) + " x " +
                             std::to_string(height) + ")");
  }
  if (height > settings.max_pixels / width) {
    throw std::runtime_error(
        "the image has " + std::to_string(width) + " x " + std::to_string(height) +
        " pixels, more than --max_pixels=" + std::to_string(settings.max_pixels));
  }
  // The longer side is truncated, int(resize * long / short).
  const std::int64_t shorter = std::min(width, height);
  ResizePlan plan{settings.resize * width / shorter, settings.resize * height / shorter, {}};
  plan.window = {crop_offset(plan.width, settings.crop), crop_offset(plan.height, settings.crop),
                 settings.crop, settings.crop};
  plan.vertical_first = settings.order == ResampleOrder::pillow_13 &&
                        pillow_13_is_vertical_first(plan, width, height);
  return plan;
}

TensorShape preprocessed_shape(const Preprocessing& settings, Element element) {
  if (element == Element::uint8) return {{settings.crop, settings.crop, 3}, element};
  if (element == Element::float32) return {{3, settings.crop, settings.crop}, element};
  throw std::invalid_argument("images are preprocessed to float32 or uint8, not to " +
                              std::string(name_of(element)));
}

Preprocessor::Preprocessor(const Preprocessing& settings, Element element)
    : settings_(settings),
      element_(element),
      normalization_(settings.mean, settings.deviation),
      normalize_row_(best_normalize_row(normalization_)) {
  (void)preprocessed_shape(settings, element);
  if (settings.crop < 1 || settings.crop > settings.resize) {
    throw std::invalid_argument("a crop of " + std::to_string(settings.crop) +
                                " pixels is impossible: it must be 1 to resize (" +
                                std::to_string(settings.resize) + ")");
  }
}

void Preprocessor::write_to(std::span<std::byte> out) {
  const std::size_t expected = preprocessed_shape(settings_, element_).bytes();
  if (out.size() != expected) {
    throw std::invalid_argument("a preprocessed image takes " + std::to_string(expected) +
                                " bytes, but the output has room for " +
                                std::to_string(out.size()));
  }
  out_ = out;
}

Rectangle Preprocessor::begin(std::int64_t width, std::int64_t height) {
  const ResizePlan plan = resize_plan(settings_, width, height);
  written_ = 0;
  return resampler_.begin(width, height, plan);
}

void Preprocessor::rows(const PixelRows& piece) {
  resampler_.rows(piece, [this](std::size_t y, const std::uint8_t* row) { write_row(y, row); });
}

void Preprocessor::write_row(std::size_t y, const std::uint8_t* row) {
  const auto width = static_cast<std::size_t>(settings_.crop);
  ++written_;
  if (element_ == Element::uint8) {
    std::memcpy(out_.data() + y * width * 3, row, width * 3);
    return;
  }
  auto* red = reinterpret_cast<float*>(out_.data()) + y * width;
  float* green = red + width * width;
  normalize_row_(normalization_, row, width, red, green, green + width * width);
  if (complete()) finish_rows();
}

void preprocess(const Image& image, const Preprocessing& settings, std::span<float> out) {
  Preprocessor preprocessor(settings);
  preprocessor.write_to(std::as_writable_bytes(out));
  (void)preprocessor.begin(image.width, image.height);
  preprocessor.rows({.place = {0, 0, image.width, image.height},
                     .pixels = image.pixels.data(),
                     .stride = static_cast<std::size_t>(image.width) * 3,
                     .bytes = image.pixels.size()});
}

}  // namespace model_search
