// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace model_search {

/// Returns bytes that stb_image decodes as libjpeg decodes `file`: in a copy, which `memory` holds,
/// Huffman tables that a motion-JPEG frame leaves out are the standard ones of ITU-T T.81, annex K,
/// and four components have the marker that says how they are meant. Throws std::runtime_error
/// that names the kind where stb_image reads other pixels or none: arithmetic coding, fractional
/// sampling, and YCbCr under the names R, G and B. The file has passed require_intact_jpeg().
[[nodiscard]] std::span<const std::byte> jpeg_for_stb(std::span<const std::byte> file,
                                                      std::vector<std::byte>& memory);

}  // namespace model_search
