// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "datasets/images/decoder.h"
#include "datasets/images/preprocess.h"
#include "datasets/loading/item_source.h"

namespace model_search {

/// Decodes an encoded image and writes the preprocessed pixels, of preprocessed_shape(), to `out`.
/// Returns the seconds of both. Throws DamagedFile, which names `path`, where the image cannot be
/// decoded.
ReadSeconds decode_image(const Decoder& decoder, std::span<const std::byte> encoded,
                         const std::filesystem::path& path, const Preprocessing& settings,
                         Element element, std::span<std::byte> out);

}  // namespace model_search
