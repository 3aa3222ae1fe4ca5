// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace model_search {

/// Whether a file begins as a JPEG and its first segment.
[[nodiscard]] bool is_jpeg(std::span<const std::byte> file);

/// A marker of a JPEG with the segment that follows it (ITU-T T.81, annex B).
struct JpegSegment {
  unsigned code = 0;                ///< the marker's second byte, such as 0xDA for a scan
  std::size_t begin = 0;            ///< of the marker in the file
  std::span<const std::byte> body;  ///< without its length; empty for the end of the image
  std::size_t restarts = 0;         ///< restart markers since the segment before
};

/// Walks through the segments of a JPEG and over the entropy-coded data in between. It skips bytes
/// between segments, as libjpeg does, and thumbnails, which lie within segments.
class JpegSegments {
 public:
  /// Throws std::runtime_error where the file does not begin as a JPEG.
  explicit JpegSegments(std::span<const std::byte> file);
  /// Throws std::runtime_error where the file ends before the segment does: it is truncated.
  [[nodiscard]] JpegSegment next();

 private:
  [[noreturn]] void fail_truncated() const;

  std::span<const std::byte> file_;
  std::size_t position_ = 2;  ///< after the start-of-image marker
};

}  // namespace model_search
