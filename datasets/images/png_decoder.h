// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "datasets/images/image.h"

namespace model_search {

/// Decodes a PNG with libpng to the pixels of Pillow's convert("RGB"): transparency is dropped,
/// gamma ignored, 16-bit colors keep their high byte, and 16-bit gray is clipped at 255. It holds
/// 16 rows, the whole image where it is interlaced, whatever the file inflates to. Throws
/// std::runtime_error with the reason where the file is damaged. http://www.libpng.org
void decode_png(std::span<const std::byte> file, RowSink& sink);

}  // namespace model_search
