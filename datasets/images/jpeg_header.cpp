// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/jpeg_header.h"

#include <cstring>
#include <stdexcept>
#include <string>

namespace model_search {
namespace {

/// Reads bytes from a segment; beyond its end it throws.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  int byte() {
    if (bytes_.empty()) throw std::runtime_error("the JPEG ends within its headers");
    const int value = std::to_integer<int>(bytes_.front());
    bytes_ = bytes_.subspan(1);
    return value;
  }
  int pair() {
    const int high = byte();
    return high * 256 + byte();
  }
  Reader take(std::size_t count) {
    if (count > bytes_.size()) throw std::runtime_error("the JPEG ends within its headers");
    Reader part(bytes_.first(count));
    bytes_ = bytes_.subspan(count);
    return part;
  }
  [[nodiscard]] std::span<const std::byte> rest() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

void read_frame(Reader segment, int marker, JpegHeader& header) {
  header.baseline = marker == 0xC0;
  header.bits = segment.byte();
  header.height = segment.pair();
  header.width = segment.pair();
  header.components = segment.byte();
  if (header.components < 1 || header.components > 4) {
    throw std::runtime_error("the JPEG has " + std::to_string(header.components) + " components");
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(header.components); ++i) {
    header.ids[i] = segment.byte();
    const int sampling = segment.byte();
    header.horizontal[i] = sampling / 16;
    header.vertical[i] = sampling % 16;
    (void)segment.byte();  // the quantization table
  }
}

void read_adobe(Reader segment, JpegHeader& header) {
  const std::span<const std::byte> bytes = segment.rest();
  if (bytes.size() >= 12 && std::memcmp(bytes.data(), "Adobe", 5) == 0) {
    header.adobe_transform = std::to_integer<int>(bytes[11]);
  }
}

}  // namespace

bool JpegHeader::gray_or_ycc() const {
  if (components == 1) return true;
  if (components != 3) return false;
  if (adobe_transform >= 0) return adobe_transform == 1;
  return !(ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B');
}

JpegHeader read_jpeg_header(std::span<const std::byte> file) {
  Reader reader(file);
  if (file.size() < 2 || reader.pair() != 0xFFD8) {
    throw std::runtime_error("the file is not a JPEG");
  }
  JpegHeader header;
  while (true) {
    int code = reader.byte();
    if (code != 0xFF) continue;  // Bytes between segments are skipped, as libjpeg does.
    while (code == 0xFF) code = reader.byte();
    const bool has_no_segment = code <= 0x01 || (code >= 0xD0 && code <= 0xD8);
    if (has_no_segment) continue;
    if (code == 0xD9) throw std::runtime_error("the JPEG has no scan");
    const int length = reader.pair();
    if (length < 2) throw std::runtime_error("the JPEG has a segment of no length");
    Reader segment = reader.take(static_cast<std::size_t>(length) - 2);
    const bool frame = code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC;
    if (frame) read_frame(segment, code, header);
    if (code == 0xEE) read_adobe(segment, header);
    if (code != 0xDA) continue;
    if (header.components == 0) throw std::runtime_error("the JPEG has a scan without a frame");
    header.scan_components = segment.byte();
    return header;
  }
}

}  // namespace model_search
