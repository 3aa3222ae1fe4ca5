// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/jpeg_for_stb.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "datasets/images/jpeg_header.h"

// After <cstdio>, which it needs.
#include <jpeglib.h>

namespace model_search {
namespace {

using Bytes = std::vector<std::byte>;

void append(Bytes& bytes, std::initializer_list<unsigned> values) {
  for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
}

/// A DHT segment; `kind`: 0 for DC, 1 for AC.
Bytes table_segment(unsigned kind, unsigned number, const JHUFF_TBL& table) {
  Bytes segment;
  std::size_t codes = 0;
  for (std::size_t bits = 1; bits <= 16; ++bits) codes += table.bits[bits];
  const auto length = static_cast<unsigned>(2 + 1 + 16 + codes);
  append(segment, {0xFF, 0xC4, length / 256, length % 256, 16 * kind + number});
  for (std::size_t bits = 1; bits <= 16; ++bits) append(segment, {table.bits[bits]});
  for (std::size_t i = 0; i < codes; ++i) append(segment, {table.huffval[i]});
  return segment;
}

/// The standard tables, as libjpeg has them for a compressor: [DC, AC][number].
std::array<std::array<Bytes, 2>, 2> make_standard_tables() {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  std::array<std::array<Bytes, 2>, 2> tables;
  for (unsigned number = 0; number < 2; ++number) {
    tables[0].at(number) = table_segment(0, number, *info.dc_huff_tbl_ptrs[number]);
    tables[1].at(number) = table_segment(1, number, *info.ac_huff_tbl_ptrs[number]);
  }
  jpeg_destroy_compress(&info);
  return tables;
}

void require_kind_of_stb(const JpegHeader& header) {
  const auto fail = [](const std::string& kind) {
    throw std::runtime_error("stb_image does not read JPEGs with " + kind +
                             "; choose decoder=turbojpeg");
  };
  if (header.arithmetic()) fail("arithmetic coding");
  const auto fractional = [](const std::array<unsigned, 4>& factors) {
    const unsigned largest = *std::max_element(factors.begin(), factors.end());
    return std::any_of(factors.begin(), factors.end(),
                       [largest](unsigned factor) { return factor != 0 && largest % factor != 0; });
  };
  if (fractional(header.horizontal) || fractional(header.vertical)) fail("fractional sampling");
  const bool named_rgb = header.ids[0] == 'R' && header.ids[1] == 'G' && header.ids[2] == 'B';
  if (header.color() == JpegColor::ycc && named_rgb) fail("YCbCr under the names R, G and B");
  const JpegScan& scan = header.scan;
  if (!header.progressive() && (scan.first != 0 || scan.bits != 0)) {
    fail("progressive parameters in a sequential scan");
  }
}

}  // namespace

std::span<const std::byte> jpeg_for_stb(std::span<const std::byte> file, Bytes& memory) {
  JpegSegments segments(file);
  JpegHeader header;
  JpegSegment segment;
  while (segment.code != 0xDA) {
    segment = segments.next();
    header.read(segment);
  }
  require_kind_of_stb(header);

  Bytes added;
  const auto define = [&](std::size_t kind, unsigned defined) {
    static const auto standard = make_standard_tables();
    for (std::size_t number = 0; number < 2; ++number) {
      const Bytes& table = standard.at(kind).at(number);
      if ((defined >> number & 1U) == 0) added.insert(added.end(), table.begin(), table.end());
    }
  };
  if (!header.progressive()) {
    define(0, header.dc_tables);
    define(1, header.ac_tables);
  }
  if (header.components == 4) {
    append(added, {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0,
                   header.color() == JpegColor::ycck ? 2U : 0U});
  }
  if (added.empty()) return file;
  const auto scan = file.begin() + static_cast<std::ptrdiff_t>(segment.begin);
  memory.assign(file.begin(), scan);
  memory.insert(memory.end(), added.begin(), added.end());
  memory.insert(memory.end(), scan, file.end());
  return memory;
}

}  // namespace model_search
