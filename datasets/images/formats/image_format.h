// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "datasets/images/decoder.h"

namespace model_search {

/// A row of the table of image formats other than JPEG, in which the decoders differ. A new format
/// is one file, with a function that gives Pillow's pixels after convert("RGB"), and one line in
/// image_format.cpp.
struct ImageFormat {
  std::string_view name;  ///< with its article: "a GIF"
  bool (*matches)(std::span<const std::byte> file);
  /// Throws std::runtime_error that names the kind where a file is damaged or of a rare kind that
  /// is not read. Null where this build does not read the format.
  void (*decode)(std::span<const std::byte> file, RowSink& sink);
  std::string_view missing = {};  ///< why it does not: "libwebp was not found when ..."
  /// Throws std::runtime_error where the structure of a file shows damage; null where only decoding
  /// does.
  void (*require_intact)(std::span<const std::byte> file) = nullptr;
};

/// Says which format the content of `file` has, whatever its name is; null for JPEG. Throws
/// std::runtime_error that lists what is read where the content is of another kind or empty.
[[nodiscard]] const ImageFormat* find_format(std::span<const std::byte> file);

/// Throws std::runtime_error where `file` is of no kind that is read, or its structure shows
/// damage, without decoding it.
void require_intact_content(std::span<const std::byte> file);

/// The formats that this build reads, JPEG included: "JPEG, PNG, BMP, ...".
[[nodiscard]] std::string readable_formats();

/// A decoder that reads JPEG with `own`, and all other formats by the table.
[[nodiscard]] std::unique_ptr<Decoder> decode_by_content(std::unique_ptr<Decoder> own);

}  // namespace model_search
