// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/resample.h"

#include <algorithm>
#include <cstring>

namespace model_search {
namespace {

constexpr std::size_t channels = 3;
constexpr std::size_t piece_rows = 16;  ///< a row of JPEG's blocks
constexpr std::size_t beyond = 32;      ///< what kernels may touch after a row

}  // namespace

Rectangle Resampler::begin(std::int64_t width, std::int64_t height, const ResizePlan& plan) {
  const Rectangle& window = plan.window;
  horizontal_.prepare(width, plan.width, window.left, window.width);
  vertical_.prepare(height, plan.height, window.top, window.height);
  vertical_first_ = plan.vertical_first;
  const ResampleAxis::Range columns = horizontal_.input();
  const ResampleAxis::Range lines = vertical_.input();
  const auto stride_of = [](std::size_t values) { return (values + beyond + 63) / 64 * 64; };
  const std::size_t out_values = static_cast<std::size_t>(window.width) * channels;
  values_ = vertical_first_ ? columns.count * channels : out_values;
  stride_ = stride_of(values_);
  // Room for several pieces: moving rows to the front is then rare.
  capacity_ = vertical_.taps + 4 * piece_rows;
  if (rows_.size() < capacity_ * stride_) rows_.resize(capacity_ * stride_);
  out_.resize(stride_of(out_values));
  if (vertical_first_) mid_.resize(stride_);
  first_held_ = lines.first;
  held_ = 0;
  next_out_ = 0;
  return {static_cast<std::int64_t>(columns.first), static_cast<std::int64_t>(lines.first),
          static_cast<std::int64_t>(columns.count), static_cast<std::int64_t>(lines.count)};
}

bool Resampler::take(PixelRows& piece) {
  if (next_out_ == vertical_.ranges.size()) return false;
  const std::size_t wanted = first_held_ + held_;
  const auto top = static_cast<std::size_t>(piece.place.top);
  if (top < wanted) {
    const std::size_t skip = std::min(wanted - top, static_cast<std::size_t>(piece.place.height));
    piece.pixels += skip * piece.stride;
    piece.bytes -= std::min(piece.bytes, skip * piece.stride);
    piece.place.top += static_cast<std::int64_t>(skip);
    piece.place.height -= static_cast<std::int64_t>(skip);
  }
  if (piece.place.height == 0) return false;
  const std::size_t first_needed = vertical_.ranges[next_out_].first;
  if (held_ + piece_rows > capacity_) {
    const std::size_t done = std::min(first_needed - first_held_, held_);
    std::memmove(rows_.data(), rows_.data() + done * stride_, (held_ - done) * stride_);
    first_held_ += done;
    held_ -= done;
  }
  const std::size_t count = std::min(
      {static_cast<std::size_t>(piece.place.height), piece_rows, vertical_.input().end() - wanted});
  hold(piece, count);
  held_ += count;
  return true;
}

void Resampler::hold(const PixelRows& piece, std::size_t count) {
  const auto left = static_cast<std::size_t>(piece.place.left);
  std::uint8_t* target = rows_.data() + held_ * stride_;
  if (!vertical_first_) {
    kernels_->along_rows(horizontal_, left, piece.pixels, piece.stride, piece.bytes, count, target,
                         stride_);
    return;
  }
  const std::uint8_t* in = piece.pixels + (horizontal_.input().first - left) * channels;
  for (std::size_t y = 0; y < count; ++y) {
    std::memcpy(target + y * stride_, in + y * piece.stride, values_);
  }
}

const std::uint8_t* Resampler::next_row() {
  if (next_out_ == vertical_.ranges.size()) return nullptr;
  const ResampleAxis::Range range = vertical_.ranges[next_out_];
  if (range.end() > first_held_ + held_) return nullptr;
  kernels_->along_columns(vertical_, next_out_,
                          rows_.data() + (range.first - first_held_) * stride_, stride_, values_,
                          vertical_first_ ? mid_.data() : out_.data());
  if (vertical_first_) {
    kernels_->along_rows(horizontal_, horizontal_.input().first, mid_.data(), stride_, mid_.size(),
                         1, out_.data(), out_.size());
  }
  ++next_out_;
  return out_.data();
}

void resample_bilinear(const Image& image, const ResizePlan& plan, std::span<std::uint8_t> out,
                       const ResampleKernels& kernels) {
  Resampler resampler(kernels);
  (void)resampler.begin(image.width, image.height, plan);
  const std::size_t row_values = static_cast<std::size_t>(plan.window.width) * channels;
  resampler.rows({.place = {0, 0, image.width, image.height},
                  .pixels = image.pixels.data(),
                  .stride = static_cast<std::size_t>(image.width) * channels,
                  .bytes = image.pixels.size()},
                 [&](std::size_t y, const std::uint8_t* row) {
                   std::memcpy(out.data() + y * row_values, row, row_values);
                 });
}

}  // namespace model_search
