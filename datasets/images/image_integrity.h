// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace model_search {

/// The most pixels of an image: beyond it, Pillow takes a file for an attack (twice its
/// MAX_IMAGE_PIXELS, https://pillow.readthedocs.io/en/stable/reference/Image.html).
inline constexpr std::uint64_t most_pixels = 178'956'970;
/// The most scans of a progressive JPEG. Encoders write about 10; each costs a pass over all
/// pixels.
inline constexpr std::size_t most_scans = 100;

/// Throws std::runtime_error with the reason where `file` is neither JPEG nor PNG, ends too
/// early (a JPEG without an end marker after its scans, a PNG without IEND), fails a PNG checksum,
/// has more than most_pixels or most_scans, or an invalid Huffman table (stb_image
/// 2.27 reads beyond its memory there). It takes no memory. Bytes after the end are allowed:
/// cameras and editors append them.
/// Markers: ITU T.81, annex B. Chunks: https://www.w3.org/TR/png-3/#5DataRep
void require_intact_image(std::span<const std::byte> file);

}  // namespace model_search
