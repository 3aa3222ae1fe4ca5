// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "datasets/images/image.h"

namespace model_search {

/// The image as a baseline JPEG; chroma at half resolution (4:2:0) up to quality 90.
/// The same bytes everywhere. Throws std::runtime_error where stb refuses the image.
[[nodiscard]] std::vector<std::byte> encode_jpeg(const Image& image, int quality);

}  // namespace model_search
