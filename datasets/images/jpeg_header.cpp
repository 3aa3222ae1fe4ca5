// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/jpeg_header.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace model_search {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("the JPEG " + what);
}

/// Reads bytes from a segment; beyond its end it throws.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  unsigned byte() { return std::to_integer<unsigned>(take(1)[0]); }
  unsigned pair() {
    const unsigned high = byte();
    return high * 256 + byte();
  }
  std::span<const std::byte> take(std::size_t count) {
    if (count > bytes_.size()) fail("is damaged: a segment is shorter than what it holds");
    const auto part = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return part;
  }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  std::span<const std::byte> bytes_;
};

bool is_frame(unsigned code) {
  return code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC;
}

bool starts_with(std::span<const std::byte> body, std::string_view word, std::size_t size) {
  return body.size() >= size && std::memcmp(body.data(), word.data(), word.size()) == 0;
}

void read_frame(Reader segment, unsigned code, JpegHeader& header) {
  if (header.frame != 0) fail("is damaged: it has a second frame");
  header.frame = code;
  header.bits = static_cast<int>(segment.byte());
  header.height = segment.pair();
  header.width = segment.pair();
  header.components = segment.byte();
  const bool lossless_or_hierarchical = (code & 3U) == 3 || (code & 4U) != 0;
  if (lossless_or_hierarchical)
    fail("is lossless or hierarchical; sequential and progressive ones are read");
  if (header.bits != 8) {
    fail("has " + std::to_string(header.bits) + " bits per sample; 8 are read");
  }
  if (header.height == 0) fail("gives its height after its first scan (DNL), which is not read");
  if (header.width == 0) fail("has no pixels: its width is 0");
  if (header.components != 1 && header.components != 3 && header.components != 4) {
    fail("has " + std::to_string(header.components) + " components; 1, 3 or 4 are read");
  }
  for (std::size_t i = 0; i < header.components; ++i) {
    header.ids[i] = segment.byte();
    const unsigned sampling = segment.byte();
    header.horizontal[i] = sampling / 16;
    header.vertical[i] = sampling % 16;
    header.quantization[i] = segment.byte();
    for (const unsigned factor : {header.horizontal[i], header.vertical[i]}) {
      if (factor < 1 || factor > 4) fail("is damaged: a sampling factor is not 1 to 4");
    }
    if (header.quantization[i] > 3)
      fail("is damaged: a component's quantization table is not 0 to 3");
  }
}

void read_quantization(Reader segment, JpegHeader& header) {
  while (!segment.empty()) {
    const unsigned kind = segment.byte();
    if (kind % 16 > 3) fail("is damaged: the number of a quantization table is not 0 to 3");
    (void)segment.take(kind < 16 ? 64 : 128);
    header.quantization_tables |= 1U << kind % 16;
  }
}

/// A prefix code with codes of up to 16 bits has at most 2^n codes of n bits, less what shorter
/// codes take and the one of ones alone, and a table has at most 256. stb_image 2.27 reads and
/// writes beyond its memory where a table has more.
void read_huffman(Reader segment, JpegHeader& header) {
  constexpr std::size_t lengths = 16;
  while (!segment.empty()) {
    const unsigned kind = segment.byte();
    const auto counts = segment.take(lengths);
    std::size_t codes = 0;
    std::uint32_t free = 1;  // codes of this length that are not taken
    bool valid = kind % 16 <= 3 && kind / 16 <= 1;
    for (const std::byte byte : counts) {
      const auto count = std::to_integer<std::uint32_t>(byte);
      free *= 2;
      valid = valid && (count == 0 || count < free);
      free -= count;
      codes += count;
    }
    if (!valid || codes > 256) fail("is damaged: it has an invalid Huffman table");
    for (const std::byte value : segment.take(codes)) {
      // A value of DC is a number of bits.
      if (kind / 16 == 0 && value > std::byte{15})
        fail("is damaged: it has an invalid Huffman table");
    }
    (kind / 16 == 0 ? header.dc_tables : header.ac_tables) |= 1U << kind % 16;
  }
}

JpegScan read_scan(Reader segment, const JpegHeader& header) {
  if (header.frame == 0) fail("is damaged: it has a scan without a frame");
  JpegScan scan;
  scan.components = segment.byte();
  if (scan.components < 1 || scan.components > header.components) {
    fail("is damaged: a scan has " + std::to_string(scan.components) + " components");
  }
  for (std::size_t i = 0; i < scan.components; ++i) {
    const unsigned id = segment.byte();
    const auto end = header.ids.begin() + static_cast<std::ptrdiff_t>(header.components);
    const auto found = std::find(header.ids.begin(), end, id);
    if (found == end) fail("is damaged: a scan has a component that the frame lacks");
    scan.which[i] = static_cast<std::size_t>(found - header.ids.begin());
    const unsigned tables = segment.byte();
    scan.dc[i] = tables / 16;
    scan.ac[i] = tables % 16;
    if (scan.dc[i] > 3 || scan.ac[i] > 3) fail("is damaged: a Huffman table is not 0 to 3");
    if ((header.quantization_tables >> header.quantization[scan.which[i]] & 1U) == 0) {
      fail("lacks a quantization table");
    }
  }
  scan.first = segment.byte();
  scan.last = segment.byte();
  scan.bits = segment.byte();
  return scan;
}

}  // namespace

void JpegHeader::read(const JpegSegment& segment) {
  Reader reader(segment.body);
  const bool known = is_frame(segment.code) || segment.code == 0xC4 || segment.code == 0xCC ||
                     (segment.code >= 0xD9 && segment.code <= 0xDD) ||
                     (segment.code >= 0xE0 && segment.code <= 0xEF) || segment.code == 0xFE;
  if (!known) fail("is damaged: it has an unknown marker");
  if (is_frame(segment.code)) read_frame(reader, segment.code, *this);
  if (segment.code == 0xC4) read_huffman(reader, *this);
  if (segment.code == 0xDB) read_quantization(reader, *this);
  if (segment.code == 0xDD) restart_interval = reader.pair();
  if (segment.code == 0xDA) scan = read_scan(reader, *this);
  if (segment.code == 0xE0 && starts_with(segment.body, {"JFIF", 5}, 14)) jfif = true;
  if (segment.code == 0xEE && starts_with(segment.body, "Adobe", 12)) {
    adobe_transform = std::to_integer<int>(segment.body[11]);
  }
}

JpegColor JpegHeader::color() const {
  if (components == 1) return JpegColor::gray;
  if (components == 4) return adobe_transform > 0 ? JpegColor::ycck : JpegColor::cmyk;
  if (jfif) return JpegColor::ycc;
  if (adobe_transform >= 0) return adobe_transform == 0 ? JpegColor::rgb : JpegColor::ycc;
  return ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? JpegColor::rgb : JpegColor::ycc;
}

std::int64_t JpegHeader::scan_units() const {
  const auto blocks = [](std::int64_t pixels, std::int64_t factor, std::int64_t largest,
                         bool interleaved) {
    const auto up = [](std::int64_t a, std::int64_t b) { return (a + b - 1) / b; };
    return interleaved ? up(pixels, 8 * largest) : up(up(pixels * factor, largest), 8);
  };
  const std::size_t only = scan.which[0];
  const bool interleaved = scan.components > 1;
  return blocks(width, horizontal[only], *std::max_element(horizontal.begin(), horizontal.end()),
                interleaved) *
         blocks(height, vertical[only], *std::max_element(vertical.begin(), vertical.end()),
                interleaved);
}

JpegHeader read_jpeg_header(std::span<const std::byte> file) {
  JpegSegments segments(file);
  JpegHeader header;
  while (true) {
    const JpegSegment segment = segments.next();
    if (segment.code == 0xD9) fail("is damaged: it has no scan");
    header.read(segment);
    if (segment.code == 0xDA) return header;
  }
}

}  // namespace model_search
