// SPDX-License-Identifier: Apache-2.0
// Compares resized and cropped pixels with the pinned Pillow's, for 300 sizes from 1:8 to 8:1.
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "datasets/files/fingerprint.h"
#include "datasets/generated/stb_encoder.h"
#include "datasets/images/decoder.h"
#include "datasets/images/preprocess.h"
#include "tests/datasets/images/resize_sweep.h"

namespace model_search {
namespace {

constexpr std::size_t plane = 224 * 224;
/// Normalization leaves pixels as they are, up to the division by 255.
constexpr Preprocessing plain{.mean = {0, 0, 0}, .deviation = {1, 1, 1}};

std::string fingerprint(const std::vector<std::byte>& pixels) {
  Fingerprint print;
  print.add(pixels);
  return print.hex();
}

/// Lets `deliver` give an image to a preprocessor, and returns the pixels [224, 224, 3].
template <typename Deliver>
std::vector<std::byte> crop(const Preprocessing& settings, Element element,
                            const Deliver& deliver) {
  std::vector<std::byte> out(preprocessed_shape(settings, element).bytes());
  Preprocessor preprocessor(settings, element);
  preprocessor.write_to(out);
  deliver(preprocessor);
  EXPECT_TRUE(preprocessor.complete());
  if (element == Element::uint8) return out;
  std::vector<std::byte> pixels(3 * plane);
  const std::span values(reinterpret_cast<const float*>(out.data()), 3 * plane);
  for (std::size_t i = 0; i < values.size(); ++i) {
    pixels[i % plane * 3 + i / plane] = static_cast<std::byte>(std::lround(values[i] * 255.0F));
  }
  return pixels;
}

std::vector<std::byte> crop(const Preprocessing& settings, Element element, const Image& image) {
  return crop(settings, element, [&](Preprocessor& preprocessor) {
    (void)preprocessor.begin(image.width, image.height);
    preprocessor.rows({.place = {0, 0, image.width, image.height},
                       .pixels = image.pixels.data(),
                       .stride = static_cast<std::size_t>(image.width) * 3,
                       .bytes = image.pixels.size()});
  });
}

std::vector<SweepSize> sweep() {
  return resize_sweep(RESIZE_SWEEP);
}

std::string name_of(const SweepSize& size) {
  return std::to_string(size.width) + " x " + std::to_string(size.height);
}

TEST(ResizeSweep, HoldsImagesOfBothOrders) {
  std::size_t vertical_first = 0;
  for (const SweepSize& size : sweep()) {
    const bool differs = size.noise != size.noise_horizontal_first;
    EXPECT_EQ(resize_plan({}, size.width, size.height).vertical_first, differs) << name_of(size);
    vertical_first += differs ? 1 : 0;
  }
  EXPECT_EQ(sweep().size(), 300U);
  EXPECT_GT(vertical_first, 50U);
}

TEST(ResizeSweep, PixelsAndValuesEqualPillow) {
  Preprocessing earlier = plain;
  earlier.order = ResampleOrder::horizontal_first;
  for (const SweepSize& size : sweep()) {
    const Image image = noise_image(size.width, size.height);
    for (const Element element : {Element::uint8, Element::float32}) {
      EXPECT_EQ(fingerprint(crop(plain, element, image)), size.noise) << name_of(size);
    }
    EXPECT_EQ(fingerprint(crop(earlier, Element::uint8, image)), size.noise_horizontal_first)
        << name_of(size);
  }
}

TEST(ResizeSweep, EveryDecoderGivesThePixelsOfPillow) {
  for (const SweepSize& size : sweep()) {
    const std::vector<std::byte> file = encode_jpeg(square_image(size.width, size.height), 100);
    for (const DecoderEntry& entry : decoder_table()) {
      const std::unique_ptr<Decoder> decoder = entry.make();
      const std::vector<std::byte> pixels =
          crop(plain, Element::uint8,
               [&](Preprocessor& preprocessor) { decoder->decode(file, preprocessor); });
      EXPECT_EQ(fingerprint(pixels), size.squares) << entry.name << ", " << name_of(size);
    }
  }
}

}  // namespace
}  // namespace model_search
