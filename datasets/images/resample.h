// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/images/image.h"
#include "datasets/images/resample_kernels.h"
#include "datasets/images/resize_plan.h"

namespace model_search {

/// Resizes an image that comes in pieces and gives a window of the result row by row. Bit-equal to
/// Pillow's BILINEAR: a triangle filter as wide as the reduction (antialiased), one pass along rows
/// and one along columns, 8-bit pixels in between. Holds only the rows that later rows depend on,
/// and reuses its memory from image to image.
class Resampler {
 public:
  explicit Resampler(const ResampleKernels& kernels = best_kernels()) : kernels_(&kernels) {}

  /// Starts an image of `width` x `height`. Returns the part of it that the plan's window depends
  /// on.
  Rectangle begin(std::int64_t width, std::int64_t height, const ResizePlan& plan);

  /// Takes the next rows of the input and calls `emit(y, row)` for each row y of the window that
  /// they complete: `row` holds window.width RGB pixels, valid during the call.
  template <typename Emit>
  void rows(const PixelRows& piece, const Emit& emit) {
    for (PixelRows left = piece; take(left);) {
      while (const std::uint8_t* row = next_row()) emit(next_out_ - 1, row);
    }
  }

 private:
  /// Holds as many rows as there is room for and removes them from `piece`; false if `piece` has no
  /// row that is needed.
  bool take(PixelRows& piece);
  /// Puts the first `count` rows of `piece` after the held ones.
  void hold(const PixelRows& piece, std::size_t count);
  /// The next row of the window; nullptr until all of its input has come.
  const std::uint8_t* next_row();

  const ResampleKernels* kernels_;
  ResampleAxis horizontal_;
  ResampleAxis vertical_;
  bool vertical_first_ = false;
  std::size_t values_ = 0;          ///< of a held row
  std::size_t stride_ = 0;          ///< of rows_
  std::size_t capacity_ = 0;        ///< rows
  std::size_t first_held_ = 0;      ///< the input row that rows_ begins with
  std::size_t held_ = 0;            ///< rows
  std::size_t next_out_ = 0;        ///< row of the window
  std::vector<std::uint8_t> rows_;  ///< held: resampled along x, or the input's columns in use
  std::vector<std::uint8_t> mid_;   ///< one row resampled along y, where that comes first
  std::vector<std::uint8_t> out_;   ///< one row of the window
};

/// The window of a whole image: [window.height, window.width, 3].
void resample_bilinear(const Image& image, const ResizePlan& plan, std::span<std::uint8_t> out,
                       const ResampleKernels& kernels = best_kernels());

}  // namespace model_search
