// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/png_integrity.h"

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace model_search {
namespace {

std::uint32_t big_endian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes) value = (value << 8U) | std::to_integer<std::uint32_t>(byte);
  return value;
}

std::uint32_t checksum(std::span<const std::byte> bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

void require_intact_png(std::span<const std::byte> file) {
  constexpr std::size_t around_data = 12;  // length, type and checksum of a chunk
  std::size_t position = 8;
  while (position + around_data <= file.size()) {
    const std::size_t length = big_endian(file.subspan(position, 4));
    if (length > file.size() - position - around_data) break;
    const auto type_and_data = file.subspan(position + 4, length + 4);
    if (checksum(type_and_data) != big_endian(file.subspan(position + 8 + length, 4))) {
      throw std::runtime_error("the PNG is damaged: the checksum of the chunk at byte " +
                               std::to_string(position) + " is wrong");
    }
    if (std::memcmp(type_and_data.data(), "IEND", 4) == 0) return;
    position += around_data + length;
  }
  throw std::runtime_error("the PNG is truncated: it ends after " + std::to_string(file.size()) +
                           " bytes without its IEND chunk");
}

}  // namespace model_search
