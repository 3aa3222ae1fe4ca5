// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace model_search {

/// The most scans of a JPEG. Encoders write about 10; each costs a pass over all pixels.
inline constexpr std::size_t most_scans = 100;

/// Throws std::runtime_error with the reason where the segments of a JPEG show that something of
/// the picture is missing or invalid: an end marker, a scan of a component, restart intervals, a
/// table that a scan needs, and the rest of JpegHeader::read(); or that it has more than
/// most_scans. It does not decode, and takes no memory. Bytes after the end are allowed: cameras
/// and editors append them.
void require_intact_jpeg(std::span<const std::byte> file);

}  // namespace model_search
