// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "datasets/images/jpeg_segments.h"

namespace model_search {

/// What four bytes per pixel or fewer mean.
enum class JpegColor { gray, ycc, rgb, cmyk, ycck };

/// The header of a scan.
struct JpegScan {
  std::size_t components = 0;
  std::array<std::size_t, 4> which{};  ///< places of its components in the frame
  std::array<unsigned, 4> dc{};        ///< Huffman tables
  std::array<unsigned, 4> ac{};
  unsigned first = 0;  ///< coefficients
  unsigned last = 0;
  unsigned bits = 0;  ///< successive approximation
};

/// What the segments of a JPEG say up to some place (ITU-T T.81; Adobe's APP14 segment).
struct JpegHeader {
  std::int64_t width = 0;
  std::int64_t height = 0;
  unsigned frame = 0;  ///< the frame's marker, 0xC0 to 0xCF; 0: none yet
  int bits = 0;        ///< of a sample
  std::size_t components = 0;
  std::array<unsigned, 4> ids{};
  std::array<unsigned, 4> horizontal{};  ///< sampling factors
  std::array<unsigned, 4> vertical{};
  std::array<unsigned, 4> quantization{};  ///< tables of the components
  bool jfif = false;
  int adobe_transform = -1;  ///< 0: none (RGB, CMYK), 1: YCbCr, 2: YCCK; -1: not given
  std::int64_t restart_interval = 0;
  /// Tables that are defined, a bit for each of the four.
  unsigned quantization_tables = 0;
  unsigned dc_tables = 0;
  unsigned ac_tables = 0;
  JpegScan scan;  ///< the last one

  /// Takes in a segment. Throws std::runtime_error where its contents are invalid, or are of a kind
  /// that the decoders do not read, which the message names.
  void read(const JpegSegment& segment);

  /// By libjpeg's rules.
  [[nodiscard]] JpegColor color() const;
  /// Sequential and Huffman-coded with two tables of each kind at most.
  [[nodiscard]] bool baseline() const { return frame == 0xC0; }
  [[nodiscard]] bool progressive() const { return frame == 0xC2 || frame == 0xCA; }
  [[nodiscard]] bool arithmetic() const { return frame > 0xC8; }
  /// Units between which a scan can have restart markers.
  [[nodiscard]] std::int64_t scan_units() const;
};

/// Reads up to the first scan. Throws std::runtime_error where the bytes are not a JPEG, end before
/// its first scan, or are invalid there.
[[nodiscard]] JpegHeader read_jpeg_header(std::span<const std::byte> file);

}  // namespace model_search
