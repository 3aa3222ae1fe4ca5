// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/image_integrity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace model_search {
namespace {

std::uint32_t big_endian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes) value = (value << 8U) | std::to_integer<std::uint32_t>(byte);
  return value;
}

bool starts_with(std::span<const std::byte> file, std::string_view signature) {
  return file.size() >= signature.size() &&
         std::memcmp(file.data(), signature.data(), signature.size()) == 0;
}

[[noreturn]] void fail_truncated(const char* format, std::size_t size, const char* missing) {
  throw std::runtime_error(std::string("the ") + format + " is truncated: it ends after " +
                           std::to_string(size) + " bytes without " + missing);
}

void require_intact_jpeg(std::span<const std::byte> file) {
  std::size_t position = 2;  // after the start-of-image marker
  while (position + 1 < file.size()) {
    // Between segments and inside entropy-coded data alike, the next marker is the next 0xFF
    // that is followed by neither 0 (stuffing), 0xFF (fill) nor a restart marker.
    const void* found = std::memchr(file.data() + position, 0xFF, file.size() - position - 1);
    if (found == nullptr) break;
    position = static_cast<std::size_t>(static_cast<const std::byte*>(found) - file.data()) + 1;
    const auto code = std::to_integer<unsigned>(file[position]);
    if (code == 0xFF) continue;
    ++position;
    if (code == 0xD9) return;
    const bool has_no_segment = code <= 0x01 || (code >= 0xD0 && code <= 0xD8);
    if (has_no_segment) continue;
    if (position + 2 > file.size()) break;
    // Skip the segment: a thumbnail inside it has an end marker of its own.
    position += big_endian(file.subspan(position, 2));
  }
  fail_truncated("JPEG", file.size(), "an end marker");
}

consteval std::array<std::uint32_t, 256> checksum_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    table[i] = i;
    for (int bit = 0; bit < 8; ++bit) {
      table[i] = (table[i] >> 1U) ^ ((table[i] & 1U) != 0 ? 0xEDB88320U : 0U);
    }
  }
  return table;
}

std::uint32_t checksum(std::span<const std::byte> bytes) {
  static constexpr auto table = checksum_table();
  std::uint32_t sum = ~0U;
  for (const std::byte byte : bytes) {
    sum = table[(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xFFU] ^ (sum >> 8U);
  }
  return ~sum;
}

void require_intact_png(std::span<const std::byte> file) {
  constexpr std::size_t around_data = 12;  // length, type and checksum of a chunk
  std::size_t position = 8;
  while (position + around_data <= file.size()) {
    const std::size_t length = big_endian(file.subspan(position, 4));
    if (length > file.size() - position - around_data) break;
    const auto type_and_data = file.subspan(position + 4, length + 4);
    const std::string type(reinterpret_cast<const char*>(type_and_data.data()), 4);
    if (checksum(type_and_data) != big_endian(file.subspan(position + 8 + length, 4))) {
      throw std::runtime_error("the PNG is damaged: the checksum of the chunk at byte " +
                               std::to_string(position) + " is wrong");
    }
    if (type == "IEND") return;
    position += around_data + length;
  }
  fail_truncated("PNG", file.size(), "its IEND chunk");
}

}  // namespace

void require_intact_image(std::span<const std::byte> file) {
  if (file.empty()) throw std::runtime_error("the file is empty");
  if (starts_with(file, "\xFF\xD8\xFF")) {
    require_intact_jpeg(file);
  } else if (starts_with(file, "\x89PNG\r\n\x1A\n")) {
    require_intact_png(file);
  } else {
    throw std::runtime_error("the file is neither JPEG nor PNG");
  }
}

}  // namespace model_search
