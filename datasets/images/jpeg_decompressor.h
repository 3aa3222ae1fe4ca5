// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "datasets/images/image.h"

namespace model_search {

/// Decodes a JPEG with libjpeg-turbo, with the settings of PIL (accurate integer DCT, triangle
/// upsampling of chroma, Adobe's inverted CMYK): only the rows and columns that the sink needs and
/// what upsampling needs around them. Throws std::runtime_error with the reason where libjpeg-turbo
/// finds damage there. https://libjpeg-turbo.org
void decompress_jpeg(std::span<const std::byte> jpeg, RowSink& sink);

/// Throws std::runtime_error with the reason where libjpeg-turbo finds that the entropy-coded data
/// of the first `bottom` rows of a JPEG is damaged or ends too early: the verdict of a decoder that
/// has none of its own.
void require_whole_scans(std::span<const std::byte> jpeg, std::int64_t bottom);

}  // namespace model_search
