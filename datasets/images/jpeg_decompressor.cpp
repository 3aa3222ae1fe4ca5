// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/jpeg_decompressor.h"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <stdexcept>
#include <string>

// After <cstdio>, which it needs.
#include <jpeglib.h>
// After <jpeglib.h>.
#include <jerror.h>

namespace model_search {
namespace {

constexpr std::size_t channels = 3;
constexpr std::size_t strip_rows = 16;  ///< the most rows that the library makes at once
/// Pixels to decode around the needed part: upsampling reads the next chroma sample, which is up to
/// four pixels wide.
constexpr std::int64_t margin = 8;
constexpr std::size_t readable_beyond = 64;  ///< bytes after a strip, for wide loads

/// Whether a warning of the library says that bytes of the picture are missing or are others than
/// those that were encoded. The remaining ones change no pixel: bytes between segments, an odd
/// version number, and the scan headers of some phones, which end at coefficient 0 of 63.
bool is_damage(int code) {
  switch (code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
      return true;
    default:
      return false;
  }
}

/// CMYK as Adobe stores it (inverted) to RGB, with PIL's rounding.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::size_t width, std::uint8_t* rgb) {
  for (std::size_t x = 0; x < width; ++x, cmyk += 4, rgb += channels) {
    const int white = cmyk[3];  // 255 - black
    for (std::size_t c = 0; c < channels; ++c) {
      const int product = (255 - cmyk[c]) * white + 128;
      rgb[c] = static_cast<std::uint8_t>(std::max(0, white - (((product >> 8) + product) >> 8)));
    }
  }
}

/// Rows of pixels, kept per thread, so that an image takes memory only where it is wider than those
/// before it.
struct Strips {
  std::vector<std::uint8_t> rgb;
  std::vector<std::uint8_t> cmyk;
};

/// The library's decompressor of one file: tables that a file does not define are never those of
/// the file before. libjpeg reports errors by a function that must not return: calls into it run
/// inside guarded(), to which that function jumps, at the first damage too, so that nothing goes on
/// to be made of missing bytes.
class Decompressor {
 public:
  explicit Decompressor(std::span<const std::byte> file) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = fail;
    errors_.emit_message = [](j_common_ptr info, int level) {
      if (level < 0 && is_damage(info->err->msg_code)) fail(info);
    };
    try {
      guarded([&] {
        jpeg_create_decompress(&info_);
        jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(file.data()),
                     static_cast<unsigned long>(file.size()));
        (void)jpeg_read_header(&info_, TRUE);
      });
    } catch (...) {
      jpeg_destroy_decompress(&info_);
      throw;
    }
    info_.dct_method = JDCT_ISLOW;
    info_.do_fancy_upsampling = TRUE;
  }
  ~Decompressor() { jpeg_destroy_decompress(&info_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  void decode(RowSink& sink, Strips& strips) {
    const bool cmyk = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    const Rectangle needed = sink.begin(info_.image_width, info_.image_height);

    const std::int64_t left = std::max<std::int64_t>(0, needed.left - margin);
    const std::int64_t right =
        std::min<std::int64_t>(info_.image_width, needed.left + needed.width + margin);
    const std::int64_t top = std::max<std::int64_t>(0, needed.top - margin);
    JDIMENSION first_column = static_cast<JDIMENSION>(left);
    JDIMENSION columns = static_cast<JDIMENSION>(right - left);
    guarded([&] {
      (void)jpeg_start_decompress(&info_);
      // Moves the borders outward to the borders of blocks.
      if (columns < info_.output_width) jpeg_crop_scanline(&info_, &first_column, &columns);
      if (top > 0) (void)jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(top));
    });
    deliver(sink, strips, cmyk, static_cast<std::int64_t>(first_column),
            needed.top + needed.height);
  }

  /// Reads the entropy-coded data that decode() reads, and makes no pixels but one row's.
  void check(std::int64_t bottom, Strips& strips) {
    info_.out_color_space = info_.jpeg_color_space;
    guarded([&] { (void)jpeg_start_decompress(&info_); });
    if (jpeg_has_multiple_scans(&info_) != 0) return;  // All have been read.
    const auto row_bytes = info_.output_width * static_cast<std::size_t>(info_.output_components);
    strips.rgb.resize(std::max(strips.rgb.size(), row_bytes));
    JSAMPROW line = strips.rgb.data();
    guarded([&] {
      // The library does not read what it skips at the very end.
      if (bottom > 1) (void)jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(bottom - 1));
      while (static_cast<std::int64_t>(info_.output_scanline) < bottom) {
        (void)jpeg_read_scanlines(&info_, &line, 1);
      }
    });
  }

 private:
  [[noreturn]] static void fail(j_common_ptr info) {
    auto& self = *static_cast<Decompressor*>(info->client_data);
    info->err->format_message(info, self.message_.data());
    std::longjmp(self.failed_, 1);
  }

  /// Runs `call`, which must own nothing: a jump runs no destructors.
  template <typename Call>
  void guarded(const Call& call) {
    if (setjmp(failed_) != 0) {
      throw std::runtime_error(std::string("libjpeg-turbo: ") + message_.data());
    }
    call();
  }

  void deliver(RowSink& sink, Strips& strips, bool cmyk, std::int64_t first_column,
               std::int64_t bottom) {
    const std::size_t width = info_.output_width;
    const std::size_t stride = width * channels;
    const std::size_t read_stride = width * static_cast<std::size_t>(info_.output_components);
    strips.rgb.resize(std::max(strips.rgb.size(), strip_rows * stride + readable_beyond));
    if (cmyk) strips.cmyk.resize(std::max(strips.cmyk.size(), strip_rows * read_stride));
    std::uint8_t* const target = cmyk ? strips.cmyk.data() : strips.rgb.data();
    std::array<JSAMPROW, strip_rows> lines{};
    for (std::size_t i = 0; i < strip_rows; ++i) lines[i] = target + i * read_stride;

    while (static_cast<std::int64_t>(info_.output_scanline) < bottom) {
      const std::int64_t first = info_.output_scanline;
      const std::int64_t end =
          std::min<std::int64_t>(bottom, first + static_cast<std::int64_t>(strip_rows));
      guarded([&] {
        while (static_cast<std::int64_t>(info_.output_scanline) < end) {
          const std::int64_t done = info_.output_scanline - first;
          (void)jpeg_read_scanlines(&info_, lines.data() + done,
                                    static_cast<JDIMENSION>(end - first - done));
        }
      });
      const std::int64_t count = end - first;
      for (std::int64_t i = 0; cmyk && i < count; ++i) {
        const auto row = static_cast<std::size_t>(i);
        cmyk_to_rgb(lines[row], width, strips.rgb.data() + row * stride);
      }
      sink.rows({.place = {first_column, first, static_cast<std::int64_t>(width), count},
                 .pixels = strips.rgb.data(),
                 .stride = stride,
                 .bytes = static_cast<std::size_t>(count) * stride + readable_beyond});
    }
  }

  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf failed_{};
  std::array<char, JMSG_LENGTH_MAX> message_{};
};

Strips& strips_of_thread() {
  thread_local Strips strips;
  return strips;
}

}  // namespace

void decompress_jpeg(std::span<const std::byte> jpeg, RowSink& sink) {
  Decompressor(jpeg).decode(sink, strips_of_thread());
}

void require_whole_scans(std::span<const std::byte> jpeg, std::int64_t bottom) {
  Decompressor(jpeg).check(bottom, strips_of_thread());
}

}  // namespace model_search
