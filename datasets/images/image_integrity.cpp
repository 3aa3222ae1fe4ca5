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

void require_few_pixels(std::uint64_t width, std::uint64_t height) {
  if (width * height <= most_pixels) return;
  throw std::runtime_error("the image has " + std::to_string(width) + " x " +
                           std::to_string(height) + " pixels, more than the " +
                           std::to_string(most_pixels) + " that are decoded");
}

/// Checks the tables of a DHT segment: a prefix code with codes of up to 16 bits has at most 2^n
/// codes of n bits, less what shorter codes take, and a table has at most 256.
void require_huffman_tables(std::span<const std::byte> segment) {
  constexpr std::size_t lengths = 16;
  while (!segment.empty()) {
    std::size_t codes = 0;
    std::uint32_t free = 1;  // codes of this length that are not taken
    bool valid = segment.size() > lengths;
    for (std::size_t bits = 1; valid && bits <= lengths; ++bits) {
      const auto count = std::to_integer<std::uint32_t>(segment[bits]);
      free *= 2;
      valid = count <= free;
      free -= count;
      codes += count;
    }
    if (!valid || codes > 256 || segment.size() < 1 + lengths + codes) {
      throw std::runtime_error("the JPEG is damaged: it has an invalid Huffman table");
    }
    segment = segment.subspan(1 + lengths + codes);
  }
}

bool is_frame(unsigned code) {
  return code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC;
}

void require_intact_jpeg(std::span<const std::byte> file) {
  std::size_t scans = 0;
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
    const std::size_t length = big_endian(file.subspan(position, 2));
    if (length >= 2 && length <= file.size() - position) {
      const std::span<const std::byte> segment = file.subspan(position + 2, length - 2);
      if (code == 0xC4) require_huffman_tables(segment);
      if (is_frame(code) && segment.size() >= 5) {
        require_few_pixels(big_endian(segment.subspan(3, 2)), big_endian(segment.subspan(1, 2)));
      }
    }
    if (code == 0xDA && ++scans > most_scans) {
      throw std::runtime_error("the JPEG has more than " + std::to_string(most_scans) + " scans");
    }
    // Skips the segment: a thumbnail inside it has an end marker of its own.
    position += length;
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
    if (type == "IHDR" && length >= 8) {
      require_few_pixels(big_endian(type_and_data.subspan(4, 4)),
                         big_endian(type_and_data.subspan(8, 4)));
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
