// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace model_search {

[[nodiscard]] bool is_jpeg(std::span<const std::byte> file);
[[nodiscard]] bool is_png(std::span<const std::byte> file);

/// Throws std::runtime_error with the reason where `file` is neither JPEG nor PNG, or is not whole
/// as far as its structure shows (jpeg_integrity.h, png_integrity.h). It does not decode: what the
/// compressed data lacks is found while it is decoded.
void require_intact_image(std::span<const std::byte> file);

}  // namespace model_search
