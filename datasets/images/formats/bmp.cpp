// SPDX-License-Identifier: Apache-2.0
// Windows and OS/2 bitmaps as Pillow reads them (its BmpImagePlugin): palettes of 1, 4 and 8 bits,
// and 16, 24 and 32 bits with or without masks. Run lengths are not read.
// https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "datasets/images/formats/header_fields.h"
#include "datasets/images/formats/picture.h"

namespace model_search {
namespace {

using Bytes = std::span<const std::byte>;
using Masks = std::array<std::uint32_t, 3>;  ///< of red, green and blue
using Palette = std::array<std::array<std::uint8_t, 3>, 256>;

constexpr std::size_t file_header = 14;
constexpr std::uint32_t bit_fields = 3;

struct Header {
  std::size_t size = 0;
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  bool from_top = false;
  std::uint32_t bits = 0;
  std::uint32_t colors = 0;
  std::size_t color_bytes = 4;  ///< of a palette's entry
  std::size_t data = 0;         ///< where the pixels begin
  Masks masks{};
};

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error("the file is a BMP with " + what + ", which is not read");
}

void read_compression(Bytes file, Header& header) {
  const std::uint32_t compression = little_endian(file, file_header + 16, 4);
  if (compression == 1 || compression == 2) refuse("run lengths");
  if (compression == bit_fields && header.bits >= 16) {
    for (std::size_t i = 0; i < 3; ++i) {
      header.masks[i] = little_endian(file, file_header + 40 + 4 * i, 4);
    }
    if (header.data == 0) header.data = file_header + std::max<std::size_t>(header.size, 52);
  } else if (compression != 0) {
    refuse("compression " + std::to_string(compression));
  }
}

Header read_header(Bytes file) {
  Header header;
  header.data = little_endian(file, 10, 4);
  header.size = little_endian(file, file_header, 4);
  if (header.size == 12) {
    header.width = little_endian(file, file_header + 4, 2);
    header.height = little_endian(file, file_header + 6, 2);
    header.bits = little_endian(file, file_header + 10, 2);
    header.color_bytes = 3;
  } else if (header.size == 40 || header.size == 52 || header.size == 56 || header.size == 64 ||
             header.size == 108 || header.size == 124) {
    header.width = little_endian(file, file_header + 4, 4);
    const std::uint32_t height = little_endian(file, file_header + 8, 4);
    header.from_top = height >> 24U == 0xFF;  // a negative number
    header.height = header.from_top ? 0x100000000U - height : height;
    header.bits = little_endian(file, file_header + 14, 2);
    header.colors = little_endian(file, file_header + 32, 4);
    read_compression(file, header);
  } else {
    refuse("a header of " + std::to_string(header.size) + " bytes");
  }
  constexpr std::array depths{1U, 4U, 8U, 16U, 24U, 32U};
  if (std::ranges::find(depths, header.bits) == depths.end()) {
    refuse(std::to_string(header.bits) + " bits a pixel");
  }
  const std::size_t end = file_header + header.size;
  if (header.bits <= 8) {
    if (header.colors == 0) header.colors = 1U << header.bits;
    // Some writers leave the palette out of the offset.
    if (header.data == 0 || header.data == end) {
      header.data = end + header.color_bytes * header.colors;
    }
  } else if (header.data == 0) {
    header.data = end;
  }
  return header;
}

/// Entries that a file lacks are black.
Palette read_palette(Bytes file, const Header& header) {
  Palette palette{};
  std::size_t place = file_header + header.size;
  for (std::size_t i = 0; i < std::min<std::size_t>(header.colors, palette.size()); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      palette[i][2 - c] = static_cast<std::uint8_t>(little_endian(file, place + c, 1));
    }
    place += header.color_bytes;
  }
  return palette;
}

Masks masks_of(const Header& header) {
  if (header.masks != Masks{}) return header.masks;
  return header.bits == 16 ? Masks{0x7C00, 0x3E0, 0x1F} : Masks{0xFF0000, 0xFF00, 0xFF};
}

void require_known_masks(const Masks& masks, std::uint32_t bits) {
  bool known = bits == 16
                   ? masks == Masks{0x7C00, 0x3E0, 0x1F} || masks == Masks{0xF800, 0x7E0, 0x1F}
                   : true;
  for (const std::uint32_t mask : masks) {
    const bool a_byte = std::popcount(mask) == 8 && std::countr_zero(mask) % 8 == 0;
    if (bits != 16) known = known && a_byte && (bits == 32 || mask <= 0xFF0000);
  }
  if (!known) refuse("unusual bit masks");
}

}  // namespace

void decode_bmp(Bytes file, RowSink& sink) {
  const Header header = read_header(file);
  announce(sink, header.width, header.height);
  const std::size_t line = (header.width * header.bits + 7) / 8;
  const std::size_t stride = (line + 3) / 4 * 4;
  const std::size_t pixels = stride * (header.height - 1) + line;
  if (header.data > file.size() || pixels > file.size() - header.data) {
    throw std::runtime_error("the BMP is truncated: it ends after " + std::to_string(file.size()) +
                             " bytes, before its last pixel");
  }
  Picture picture(header.width, header.height);
  const Palette palette = header.bits <= 8 ? read_palette(file, header) : Palette{};
  const Masks masks = masks_of(header);
  if (header.bits > 8) require_known_masks(masks, header.bits);

  for (std::size_t y = 0; y < picture.height(); ++y) {
    const std::size_t place =
        header.data + stride * (header.from_top ? y : picture.height() - 1 - y);
    std::uint8_t* out = picture.row(y);
    for (std::size_t x = 0; x < picture.width(); ++x, out += 3) {
      if (header.bits <= 8) {
        const std::size_t bit = x * header.bits;
        const auto byte = std::to_integer<unsigned>(file[place + bit / 8]);
        const unsigned index = (byte >> (8 - header.bits - bit % 8)) & ((1U << header.bits) - 1);
        std::ranges::copy(palette[index], out);
        continue;
      }
      const std::uint32_t pixel =
          little_endian(file, place + x * (header.bits / 8), header.bits / 8);
      for (std::size_t c = 0; c < 3; ++c) {
        const std::uint32_t most = masks[c] >> std::countr_zero(masks[c]);
        const std::uint32_t value = (pixel & masks[c]) >> std::countr_zero(masks[c]);
        out[c] = static_cast<std::uint8_t>(value * 255 / most);
      }
    }
  }
  picture.give_to(sink);
}

}  // namespace model_search
