// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace model_search {

/// Writes what stb_image decodes as libjpeg decodes `file` into `memory`, and returns it: the
/// segments that stb_image needs and the scans, without what it stumbles over (bytes between
/// segments, unknown markers, parameters of scans that libjpeg ignores). Huffman tables that a
/// frame of motion JPEG leaves out are the standard ones of ITU-T T.81, annex K, and a marker says
/// which colors libjpeg sees. Throws std::runtime_error that names the kind which stb_image does
/// not read: arithmetic coding and fractional sampling. The file has passed require_intact_jpeg().
[[nodiscard]] std::span<const std::byte> jpeg_for_stb(std::span<const std::byte> file,
                                                      std::vector<std::byte>& memory);

}  // namespace model_search
