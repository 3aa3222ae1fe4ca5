// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/jpeg_segments.h"

#include <cstring>
#include <stdexcept>
#include <string>

namespace model_search {

bool is_jpeg(std::span<const std::byte> file) {
  return file.size() >= 3 && std::memcmp(file.data(), "\xFF\xD8\xFF", 3) == 0;
}

JpegSegments::JpegSegments(std::span<const std::byte> file) : file_(file) {
  if (file.size() < 2 || file[0] != std::byte{0xFF} || file[1] != std::byte{0xD8}) {
    throw std::runtime_error("the file is not a JPEG");
  }
}

void JpegSegments::fail_truncated() const {
  throw std::runtime_error("the JPEG is truncated: it ends after " + std::to_string(file_.size()) +
                           " bytes without an end marker");
}

JpegSegment JpegSegments::next() {
  JpegSegment segment;
  while (position_ + 1 < file_.size()) {
    // Between segments and inside entropy-coded data alike, a marker is a 0xFF that is followed by
    // neither 0 (stuffing) nor 0xFF (fill).
    const void* found = std::memchr(file_.data() + position_, 0xFF, file_.size() - position_ - 1);
    if (found == nullptr) break;
    position_ = static_cast<std::size_t>(static_cast<const std::byte*>(found) - file_.data()) + 1;
    segment.code = std::to_integer<unsigned>(file_[position_]);
    if (segment.code == 0xFF) continue;
    segment.begin = position_ - 1;
    ++position_;
    const bool restart = segment.code >= 0xD0 && segment.code <= 0xD7;
    if (restart) ++segment.restarts;
    if (restart || segment.code <= 0x01 || segment.code == 0xD8) continue;
    if (segment.code == 0xD9) return segment;
    if (position_ + 2 > file_.size()) break;
    const std::size_t length = std::to_integer<std::size_t>(file_[position_]) * 256 +
                               std::to_integer<std::size_t>(file_[position_ + 1]);
    if (length > file_.size() - position_) break;
    // A length counts its own two bytes. libjpeg takes a smaller one for an empty segment.
    const std::size_t whole = length < 2 ? 2 : length;
    segment.body = file_.subspan(position_ + 2, whole - 2);
    position_ += whole;
    return segment;
  }
  fail_truncated();
}

}  // namespace model_search
