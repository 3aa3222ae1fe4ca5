// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "datasets/images/jpeg_header.h"

namespace model_search {

/// Throws std::runtime_error that names the kind where stb_image does not read it: arithmetic
/// coding, or fractional sampling.
void require_kind_of_stb(const JpegHeader& header);

/// stb_image reads as many bytes ahead. With so many zeros between a scan and the next marker, it
/// meets that marker within the scan only where the scan is cut off.
inline constexpr std::size_t bytes_after_scan = 4;

/// Writes what stb_image decodes as libjpeg decodes `file` into `memory`, and returns it: the
/// segments that stb_image needs and the scans, without what it stumbles over (bytes between
/// segments and, from `end` on, after the picture; unknown markers; parameters of scans that
/// libjpeg ignores). Huffman tables that a frame of motion JPEG leaves out are the standard ones of
/// ITU-T T.81, annex K, and a marker says which colors libjpeg sees. The file has passed
/// require_intact_jpeg().
[[nodiscard]] std::span<const std::byte> jpeg_for_stb(std::span<const std::byte> file,
                                                      std::vector<std::byte>& memory);

}  // namespace model_search
