// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace model_search {

/// Throws std::runtime_error where a PNG ends before its IEND chunk or a chunk's checksum is wrong.
/// It does not decode, and takes no memory. Chunks: https://www.w3.org/TR/png-3/#5DataRep
void require_intact_png(std::span<const std::byte> file);

}  // namespace model_search
