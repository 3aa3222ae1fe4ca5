// SPDX-License-Identifier: Apache-2.0
// Netpbm's P1 to P6 as Pillow reads them (its PpmImagePlugin). https://netpbm.sourceforge.net/doc
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/images/formats/picture.h"

namespace model_search {
namespace {

using Bytes = std::span<const std::byte>;

/// Numbers as text, and then bytes.
class Reader {
 public:
  explicit Reader(Bytes file) : file_(file) {}

  /// The next number and, as the format says, the one white space after it.
  std::uint32_t number() {
    skip_space();
    std::uint32_t value = 0;
    std::size_t digits = 0;
    for (int next = take(); next >= 0 && std::isspace(next) == 0; next = take(), ++digits) {
      if (std::isdigit(next) == 0 || digits == 9) {
        throw std::runtime_error("the PNM is damaged: a number is expected before byte " +
                                 std::to_string(place_));
      }
      value = 10 * value + static_cast<std::uint32_t>(next - '0');
    }
    if (digits == 0) fail_truncated();
    return value;
  }
  /// The next digit of a plain bitmap, where white space between digits is optional.
  std::uint32_t digit() {
    skip_space();
    const int next = take();
    if (next < 0) fail_truncated();
    if (next != '0' && next != '1') throw std::runtime_error("the PNM has a digit beyond 1");
    return static_cast<std::uint32_t>(next - '0');
  }
  Bytes bytes(std::size_t count) {
    if (count > file_.size() - place_) fail_truncated();
    place_ += count;
    return file_.subspan(place_ - count, count);
  }
  /// Whether there can be as many values: each takes a byte at least, or a bit.
  void require(std::size_t bytes) const {
    if (bytes > file_.size() - place_) fail_truncated();
  }

 private:
  int take() { return place_ < file_.size() ? std::to_integer<int>(file_[place_++]) : -1; }
  void skip_space() {
    for (int next = take(); next >= 0; next = take()) {
      if (next == '#') {
        while (next >= 0 && next != '\n' && next != '\r') next = take();
      } else if (std::isspace(next) == 0) {
        --place_;
        return;
      }
    }
  }
  [[noreturn]] void fail_truncated() const {
    throw std::runtime_error("the PNM is truncated: it ends after " + std::to_string(file_.size()) +
                             " bytes, before its last pixel");
  }

  Bytes file_;
  std::size_t place_ = 2;
};

/// Pillow's 8 bits of each value up to `most`. A gray image of more than 8 bits has 16 there, which
/// its convert("RGB") does not divide but cuts off at 255.
std::vector<std::uint8_t> value_table(std::uint32_t most, bool gray) {
  std::vector<std::uint8_t> table(most + 1);
  const double scale = gray && most > 255 ? 65535 : 255;
  for (std::uint32_t value = 0; value <= most; ++value) {
    // In this order and with halves to even, as Python computes it.
    const double scaled = std::nearbyint(static_cast<double>(value) / most * scale);
    table[value] = static_cast<std::uint8_t>(std::min(255.0, scaled));
  }
  return table;
}

Picture read_bitmap(Reader& reader, bool plain, std::size_t width, std::size_t height) {
  const std::size_t line = (width + 7) / 8;
  reader.require(plain ? width * height : line * height);
  Picture picture(width, height);
  for (std::size_t y = 0; y < height; ++y) {
    const Bytes bits = plain ? Bytes() : reader.bytes(line);
    std::uint8_t* out = picture.row(y);
    for (std::size_t x = 0; x < width; ++x, out += 3) {
      const unsigned bit =
          plain ? reader.digit() : (std::to_integer<unsigned>(bits[x / 8]) >> (7 - x % 8)) & 1U;
      std::fill_n(out, 3, static_cast<std::uint8_t>(bit == 0 ? 255 : 0));
    }
  }
  return picture;
}

Picture read_values(Reader& reader, bool plain, std::size_t channels, std::size_t width,
                    std::size_t height) {
  const std::uint32_t most = reader.number();
  if (most < 1 || most > 65535) {
    throw std::runtime_error("the PNM's largest value is " + std::to_string(most) +
                             "; 1 to 65535 are allowed");
  }
  const std::vector<std::uint8_t> table = value_table(most, channels == 1);
  const std::size_t value_bytes = plain || most < 256 ? 1 : 2;
  const std::size_t line = width * channels * value_bytes;
  reader.require(line * height);
  Picture picture(width, height);
  for (std::size_t y = 0; y < height; ++y) {
    const Bytes bytes = plain ? Bytes() : reader.bytes(line);
    std::uint8_t* out = picture.row(y);
    for (std::size_t i = 0; i < width * channels; ++i) {
      std::uint32_t value = 0;
      for (std::size_t b = 0; !plain && b < value_bytes; ++b) {
        value = value * 256 + std::to_integer<std::uint32_t>(bytes[i * value_bytes + b]);
      }
      if (plain && (value = reader.number()) > most) {
        throw std::runtime_error("the PNM has the value " + std::to_string(value) +
                                 ", but its largest is " + std::to_string(most));
      }
      out = std::fill_n(out, 3 / channels, table[std::min(value, most)]);
    }
  }
  return picture;
}

}  // namespace

void decode_pnm(Bytes file, RowSink& sink) {
  const auto kind = std::to_integer<char>(file[1]);
  if (kind < '1' || kind > '6') {
    throw std::runtime_error(std::string("the file is a PNM of kind P") + kind +
                             ", which is not read: P1 to P6 are");
  }
  Reader reader(file);
  const std::uint32_t width = reader.number();
  const std::uint32_t height = reader.number();
  announce(sink, width, height);
  const bool plain = kind < '4';
  const bool bitmap = kind == '1' || kind == '4';
  const std::size_t channels = kind == '3' || kind == '6' ? 3 : 1;
  const Picture picture = bitmap ? read_bitmap(reader, plain, width, height)
                                 : read_values(reader, plain, channels, width, height);
  picture.give_to(sink);
}

}  // namespace model_search
