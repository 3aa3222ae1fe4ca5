// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace model_search {

/// Throws std::runtime_error with the reason where `file` is neither JPEG nor PNG, ends too
/// early (a JPEG without an end marker after its scans, a PNG without IEND), or fails a PNG
/// checksum. Bytes after the end are allowed: cameras and editors append them.
/// Markers: ITU T.81, annex B. Chunks: https://www.w3.org/TR/png-3/#5DataRep
void require_intact_image(std::span<const std::byte> file);

}  // namespace model_search
