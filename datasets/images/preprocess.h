// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "datasets/files/tensor_shape.h"
#include "datasets/images/image.h"
#include "datasets/images/normalize_row.h"
#include "datasets/images/resample.h"
#include "datasets/images/resize_plan.h"

namespace model_search {

/// Which of a resize's two passes comes first. `pillow_13`: along columns for an image whose height
/// shrinks by more than twice the pixels that its width loses (with Resize(256): the image is wider
/// than 256 pixels and more than twice as high as wide), else along rows. `horizontal_first`: along
/// rows for every image, as in earlier versions.
enum class ResampleOrder { pillow_13, horizontal_first };
[[nodiscard]] std::string_view name_of(ResampleOrder order);

/// What torchvision's classification presets do to a photograph: shorter side to `resize`
/// (antialiased bilinear on 8-bit pixels, as PIL), center crop of `crop` x `crop` with Python's
/// half-even rounding of the offset, to [0, 1], then (x - mean) / std per channel.
/// Defaults: torchvision.transforms, Resize(256), CenterCrop(224), ImageNet's mean and std.
struct Preprocessing {
  std::int64_t resize = 256;
  std::int64_t crop = 224;
  std::array<float, 3> mean{0.485F, 0.456F, 0.406F};
  std::array<float, 3> deviation{0.229F, 0.224F, 0.225F};
  ResampleOrder order = ResampleOrder::pillow_13;
  /// The most pixels of a photograph that is taken: beyond it Pillow takes a file for an attack
  /// (twice its MAX_IMAGE_PIXELS, https://pillow.readthedocs.io/en/stable/reference/Image.html).
  std::int64_t max_pixels = 178'956'970;

  /// Names every setting that values depend on, and the algorithm's version; part of the key of
  /// every cache.
  [[nodiscard]] std::string identity() const;
  bool operator==(const Preprocessing&) const = default;
};

/// torchvision's rules for the size and the crop, and the settings' order of passes. Throws
/// std::runtime_error for an image without pixels or with more than max_pixels.
[[nodiscard]] ResizePlan resize_plan(const Preprocessing& settings, std::int64_t width,
                                     std::int64_t height);

/// The form of a preprocessed image: `float32`: [3, crop, crop], normalized; `uint8`: [crop, crop,
/// 3], resized and cropped pixels that are still to be normalized.
[[nodiscard]] TensorShape preprocessed_shape(const Preprocessing& settings, Element element);

/// Resizes, crops and normalizes an image while its decoder delivers it. It reuses its memory from
/// image to image; each thread needs its own.
class Preprocessor : public RowSink {
 public:
  /// Throws std::invalid_argument for an impossible crop, or an element other than the two.
  explicit Preprocessor(const Preprocessing& settings, Element element = Element::float32);

  /// Sets where the next image goes: the bytes of preprocessed_shape(). Throws
  /// std::invalid_argument for another size.
  void write_to(std::span<std::byte> out);
  /// Throws std::runtime_error as resize_plan() does.
  Rectangle begin(std::int64_t width, std::int64_t height) override;
  void rows(const PixelRows& piece) override;
  [[nodiscard]] bool is_for(const Preprocessing& settings, Element element) const {
    return settings == settings_ && element == element_;
  }
  /// Whether all rows of the image have come.
  [[nodiscard]] bool complete() const { return written_ == settings_.crop; }

 private:
  void write_row(std::size_t y, const std::uint8_t* row);

  Preprocessing settings_;
  Element element_;
  Normalization normalization_;
  NormalizeRow normalize_row_;
  Resampler resampler_;
  std::span<std::byte> out_;
  std::int64_t written_ = 0;
};

/// Writes [3, crop, crop] float32 of a whole image to `out`.
void preprocess(const Image& image, const Preprocessing& settings, std::span<float> out);

}  // namespace model_search
