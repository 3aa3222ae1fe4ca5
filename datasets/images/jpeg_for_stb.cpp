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

/// What a file may leave out: the standard Huffman tables, and the marker for its colors.
Bytes left_out(const JpegHeader& header) {
  static const auto standard = make_standard_tables();
  Bytes added;
  for (std::size_t number = 0; number < 2 && !header.progressive(); ++number) {
    const auto define = [&](std::size_t kind, unsigned defined) {
      const Bytes& table = standard.at(kind).at(number);
      if ((defined >> number & 1U) == 0) added.insert(added.end(), table.begin(), table.end());
    };
    define(0, header.dc_tables);
    define(1, header.ac_tables);
  }
  const JpegColor color = header.color();
  if (color == JpegColor::gray) return added;
  const unsigned transform = color == JpegColor::ycc ? 1 : color == JpegColor::ycck ? 2 : 0;
  append(added, {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform});
  return added;
}

/// The components' names become 1, 2 and so on: R, G and B alone would be RGB.
void rename_components(const JpegSegment& segment, const JpegHeader& header,
                       std::span<std::byte> copy) {
  if (segment.code == header.frame) {
    for (std::size_t i = 0; i < header.components; ++i) {
      copy[10 + 3 * i] = static_cast<std::byte>(i + 1);
    }
  }
  if (segment.code == 0xDA) {
    for (std::size_t i = 0; i < header.scan.components; ++i) {
      copy[5 + 2 * i] = static_cast<std::byte>(header.scan.which[i] + 1);
    }
  }
}

/// The entropy-coded data without restart markers at its end that no interval follows.
std::span<const std::byte> without_idle_restarts(std::span<const std::byte> data,
                                                 const JpegHeader& header, std::size_t restarts) {
  const std::int64_t interval = header.restart_interval;
  const auto needed =
      static_cast<std::size_t>(interval == 0 ? 0 : (header.scan_units() - 1) / interval);
  for (std::size_t i = data.size(); restarts > needed && i-- > 1;) {
    const auto code = std::to_integer<unsigned>(data[i]);
    if (data[i - 1] != std::byte{0xFF} || code < 0xD0 || code > 0xD7) continue;
    data = data.first(i - 1);
    --restarts;
  }
  return data;
}

}  // namespace

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
}

std::span<const std::byte> jpeg_for_stb(std::span<const std::byte> file, Bytes& memory) {
  memory.clear();
  append(memory, {0xFF, 0xD8});
  const auto copy = [&memory](std::span<const std::byte> part) {
    memory.insert(memory.end(), part.begin(), part.end());
  };
  JpegSegments segments(file);
  JpegHeader header;
  bool scanned = false;
  while (true) {
    JpegSegment segment = segments.next();
    if (segment.code == 0xD9) break;
    header.read(segment);
    const bool needed = segment.code == header.frame || segment.code == 0xC4 ||
                        segment.code == 0xDB || segment.code == 0xDD || segment.code == 0xDA;
    if (!needed) continue;
    if (segment.code == 0xDA && !scanned) {
      copy(left_out(header));
      scanned = true;
    }
    const std::size_t place = memory.size();
    copy(file.subspan(segment.begin, 4 + segment.body.size()));
    rename_components(segment, header, std::span(memory).subspan(place));
    if (segment.code != 0xDA) continue;
    if (!header.progressive()) {
      std::fill_n(memory.end() - 3, 3, std::byte{0});
      memory.end()[-2] = std::byte{63};
    }
    const std::size_t data = segment.begin + 4 + segment.body.size();
    const JpegSegment next = JpegSegments(segments).next();
    copy(without_idle_restarts(file.subspan(data, next.begin - data), header, next.restarts));
    memory.insert(memory.end(), bytes_after_scan, std::byte{0});
  }
  append(memory, {0xFF, 0xD9});
  return memory;
}

}  // namespace model_search
