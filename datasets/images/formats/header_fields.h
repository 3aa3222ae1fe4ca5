// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace model_search {

/// The number in little-endian order at `place`. Throws std::runtime_error where the file ends
/// before it.
inline std::uint32_t little_endian(std::span<const std::byte> file, std::size_t place,
                                   std::size_t bytes) {
  if (place > file.size() || bytes > file.size() - place) {
    throw std::runtime_error("the file ends within its headers");
  }
  std::uint32_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) {
    value = (value << 8U) | std::to_integer<std::uint32_t>(file[place + i]);
  }
  return value;
}

}  // namespace model_search
