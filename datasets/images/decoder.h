// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/images/image.h"

namespace model_search {

/// Turns the bytes of an image file into pixels; grayscale becomes RGB, transparency is dropped,
/// and EXIF orientation is not applied (torchvision's ImageFolder does not apply it either).
/// Implementations are stateless: many threads share one.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Gives `sink` the part that it needs. Throws std::runtime_error with the reason (the caller
  /// adds the file's name) where the bytes are not an image, or bytes of the rows down to the last
  /// needed one are missing or damaged: all decoders refuse the same files.
  virtual void decode(std::span<const std::byte> file, RowSink& sink) const = 0;
};

/// The whole image.
[[nodiscard]] Image decode_image(const Decoder& decoder, std::span<const std::byte> file);

/// A row of the table of decoders. To add one: one file, and one line in decoder_table.cpp. What it
/// makes reads JPEGs; all other formats are read by the table in formats/image_format.cpp.
struct DecoderEntry {
  std::string_view name;  ///< the value of `decoder=` in benchmark names
  std::unique_ptr<Decoder> (*make)();
};

/// The decoders of this build, the default first.
[[nodiscard]] std::span<const DecoderEntry> decoder_table();
[[nodiscard]] inline std::string default_decoder() {
  return std::string(decoder_table().front().name);
}

/// A decoder of all formats. Throws std::invalid_argument that lists the choices where `name` is
/// unknown.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(std::string_view name);

}  // namespace model_search
