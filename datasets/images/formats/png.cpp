// SPDX-License-Identifier: Apache-2.0
// PNG with libpng, to the pixels of Pillow's convert("RGB"): transparency is dropped, gamma
// ignored, 16-bit colors keep their high byte, and 16-bit gray is clipped at 255. It holds 16 rows,
// the whole image where it is interlaced, whatever the file inflates to. http://www.libpng.org
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/images/image.h"
#include "datasets/images/png_integrity.h"

namespace model_search {
namespace {

constexpr std::size_t channels = 3;
constexpr std::size_t strip_rows = 16;

/// Clips 16-bit gray, most significant byte first, as Pillow does: it takes the values for 8-bit
/// ones that are too large.
void clip_gray(const std::uint8_t* gray, std::size_t width, std::uint8_t* rgb) {
  for (std::size_t x = 0; x < width; ++x, gray += 2, rgb += channels) {
    std::fill_n(rgb, channels, gray[0] != 0 ? std::uint8_t{255} : gray[1]);
  }
}

/// libpng's reader of one file. It reports errors by a function that must not return: calls run
/// inside guarded(), to which that function jumps.
class PngReader {
 public:
  explicit PngReader(std::span<const std::byte> file) : rest_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, [](auto, auto) {});
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) throw std::runtime_error("libpng cannot be set up");
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  void decode(RowSink& sink) {
    guarded([&] { read_header(); });
    (void)sink.begin(width_, height_);
    int passes = 1;
    guarded([&] { passes = set_transformations(); });
    // The passes of an interlaced image fill in rows that they share.
    const std::size_t rows = passes > 1 ? static_cast<std::size_t>(height_) : strip_rows;
    std::vector<std::uint8_t> read(rows * row_bytes_);
    for (int pass = 1; pass < passes; ++pass) read_rows(read.data(), rows);
    std::vector<std::uint8_t> converted(wide_gray_ ? strip_rows * stride() : 0);
    for (std::int64_t top = 0; top < height_; top += strip_rows) {
      const std::int64_t count = std::min<std::int64_t>(strip_rows, height_ - top);
      std::uint8_t* strip =
          read.data() + (passes > 1 ? static_cast<std::size_t>(top) * row_bytes_ : 0);
      read_rows(strip, static_cast<std::size_t>(count));
      for (std::size_t i = 0; wide_gray_ && i < static_cast<std::size_t>(count); ++i) {
        clip_gray(strip + i * row_bytes_, static_cast<std::size_t>(width_),
                  converted.data() + i * stride());
      }
      sink.rows({.place = {0, top, width_, count},
                 .pixels = wide_gray_ ? converted.data() : strip,
                 .stride = stride(),
                 .bytes = static_cast<std::size_t>(count) * stride()});
    }
  }

 private:
  /// Runs `call`, which must own nothing: a jump runs no destructors.
  template <typename Call>
  void guarded(const Call& call) {
    if (setjmp(failed_) != 0) {
      throw std::runtime_error(std::string("libpng: ") + message_.data());
    }
    call();
  }

  [[noreturn]] static void fail(png_structp png, png_const_charp message) {
    auto& self = *static_cast<PngReader*>(png_get_error_ptr(png));
    std::strncpy(self.message_.data(), message, self.message_.size() - 1);
    std::longjmp(self.failed_, 1);
  }

  static void take(png_structp png, png_bytep target, std::size_t size) {
    auto& self = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (size > self.rest_.size()) png_error(png, "the file ends too early");
    std::memcpy(target, self.rest_.data(), size);
    self.rest_ = self.rest_.subspan(size);
  }

  void read_header() {
    png_set_read_fn(png_, this, take);
    // All checksums were verified before, and chunks that change no pixel are not inflated.
    png_set_crc_action(png_, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_read_info(png_, info_);
    width_ = png_get_image_width(png_, info_);
    height_ = png_get_image_height(png_, info_);
  }

  /// Returns the number of passes.
  int set_transformations() {
    const int color = png_get_color_type(png_, info_);
    const int depth = png_get_bit_depth(png_, info_);
    wide_gray_ = depth == 16 && color == PNG_COLOR_TYPE_GRAY;
    if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png_);
    if (!wide_gray_) {
      png_set_strip_16(png_);
      png_set_gray_to_rgb(png_);
    }
    png_set_strip_alpha(png_);
    const int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    row_bytes_ = png_get_rowbytes(png_, info_);
    return passes;
  }

  void read_rows(std::uint8_t* target, std::size_t count) {
    guarded([&] {
      for (std::size_t i = 0; i < count; ++i) {
        png_read_row(png_, target + i * row_bytes_, nullptr);
      }
    });
  }

  [[nodiscard]] std::size_t stride() const { return static_cast<std::size_t>(width_) * channels; }

  std::span<const std::byte> rest_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf failed_{};
  std::array<char, 200> message_{};
  std::int64_t width_ = 0;
  std::int64_t height_ = 0;
  bool wide_gray_ = false;
  std::size_t row_bytes_ = 0;
};

}  // namespace

void decode_png(std::span<const std::byte> file, RowSink& sink) {
  require_intact_png(file);
  PngReader(file).decode(sink);
}

}  // namespace model_search
