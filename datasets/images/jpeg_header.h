// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace model_search {

/// What the headers of a JPEG say, up to its first scan (ITU-T T.81; Adobe's APP14 segment).
struct JpegHeader {
  std::int64_t width = 0;
  std::int64_t height = 0;
  int bits = 0;             ///< of a sample
  bool baseline = false;    ///< sequential, Huffman-coded (SOF0)
  int components = 0;       ///< at most 4
  int scan_components = 0;  ///< in the first scan
  std::array<int, 4> ids{};
  std::array<int, 4> horizontal{};  ///< sampling factors
  std::array<int, 4> vertical{};
  int adobe_transform = -1;  ///< 0: none (RGB, CMYK), 1: YCbCr, 2: YCCK; -1: not given

  /// Gray or YCbCr by libjpeg's rules, as most photographs are.
  [[nodiscard]] bool gray_or_ycc() const;
};

/// Throws std::runtime_error where the bytes are not a JPEG, or end before its first scan.
[[nodiscard]] JpegHeader read_jpeg_header(std::span<const std::byte> file);

}  // namespace model_search
