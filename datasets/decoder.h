// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace model_search {

/// Decoded pixels: RGB, 8 bits, [height, width, 3], rows from the top.
struct Image {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Turns the bytes of an image file into pixels; grayscale becomes RGB, transparency is dropped,
/// and EXIF orientation is not applied (torchvision's ImageFolder does not apply it either).
/// Implementations are stateless: many threads share one.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Throws std::runtime_error with the reason (the caller adds the file's name) where the bytes
  /// are no image, are damaged or end too early.
  [[nodiscard]] virtual Image decode(std::span<const std::byte> file) const = 0;
};

/// A row of the table of decoders. To add one: one file, and one line in decoder_table.cpp.
struct DecoderEntry {
  std::string_view name;  ///< the value of `decoder=` in benchmark names
  std::unique_ptr<Decoder> (*make)();
};

/// All decoders of this build, the default first.
[[nodiscard]] std::span<const DecoderEntry> decoder_table();

/// Throws std::invalid_argument that lists the choices where `name` is unknown.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(std::string_view name);

}  // namespace model_search
