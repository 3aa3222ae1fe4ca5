// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/turbojpeg_decoder.h"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "datasets/images/image_integrity.h"
#include "datasets/images/stb_decoder.h"

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

/// Whether a warning of the library says that pixels are not what was encoded. The others (bytes
/// between segments, an odd version number) are harmless.
bool is_damage(int code) {
  switch (code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
    case JWRN_NOT_SEQUENTIAL:
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

/// A decompressor with the buffer for a strip; kept per thread, so that an image takes memory only
/// where it is larger than those before it. libjpeg reports errors by a function that must not
/// return: calls into it run inside guarded(), to which that function jumps.
class Decompressor {
 public:
  Decompressor() {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = [](j_common_ptr info) {
      auto& self = *static_cast<Decompressor*>(info->client_data);
      self.errors_.format_message(info, self.message_.data());
      std::longjmp(self.failed_, 1);
    };
    errors_.emit_message = [](j_common_ptr info, int level) {
      auto& self = *static_cast<Decompressor*>(info->client_data);
      if (level >= 0 || self.damaged_ || !is_damage(self.errors_.msg_code)) return;
      self.errors_.format_message(info, self.message_.data());
      self.damaged_ = true;
    };
    jpeg_create_decompress(&info_);
  }
  ~Decompressor() { jpeg_destroy_decompress(&info_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  void decode(std::span<const std::byte> file, RowSink& sink) {
    damaged_ = false;
    try {
      decode_rows(file, sink);
    } catch (...) {
      jpeg_abort_decompress(&info_);
      throw;
    }
    jpeg_abort_decompress(&info_);  // Leave out the rows below the last needed one.
  }

 private:
  /// Runs `call`, which must own nothing: a jump runs no destructors.
  template <typename Call>
  void guarded(const Call& call) {
    if (!attempt(call) || damaged_) {
      throw std::runtime_error(std::string("libjpeg-turbo: ") + message_.data());
    }
  }
  template <typename Call>
  bool attempt(const Call& call) {
    if (setjmp(failed_) != 0) return false;
    call();
    return true;
  }

  void decode_rows(std::span<const std::byte> file, RowSink& sink) {
    guarded([&] {
      jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(file.data()),
                   static_cast<unsigned long>(file.size()));
      (void)jpeg_read_header(&info_, TRUE);
    });
    const bool cmyk = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    info_.dct_method = JDCT_ISLOW;
    info_.do_fancy_upsampling = TRUE;
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
    deliver(sink, cmyk, static_cast<std::int64_t>(first_column), needed.top + needed.height);
  }

  void deliver(RowSink& sink, bool cmyk, std::int64_t first_column, std::int64_t bottom) {
    const std::size_t width = info_.output_width;
    const std::size_t stride = width * channels;
    const std::size_t read_stride = width * static_cast<std::size_t>(info_.output_components);
    strip_.resize(std::max(strip_.size(), strip_rows * stride + readable_beyond));
    if (cmyk) cmyk_.resize(std::max(cmyk_.size(), strip_rows * read_stride));
    std::uint8_t* const target = cmyk ? cmyk_.data() : strip_.data();
    std::array<JSAMPROW, strip_rows> lines{};
    for (std::size_t i = 0; i < strip_rows; ++i) lines[i] = target + i * read_stride;

    while (static_cast<std::int64_t>(info_.output_scanline) < bottom) {
      const std::int64_t first = info_.output_scanline;
      const std::int64_t end =
          std::min<std::int64_t>(bottom, first + static_cast<std::int64_t>(strip_rows));
      guarded([&] {
        while (static_cast<std::int64_t>(info_.output_scanline) < end && !damaged_) {
          const std::int64_t done = info_.output_scanline - first;
          (void)jpeg_read_scanlines(&info_, lines.data() + done,
                                    static_cast<JDIMENSION>(end - first - done));
        }
      });
      const std::int64_t count = end - first;
      for (std::int64_t i = 0; cmyk && i < count; ++i) {
        const auto row = static_cast<std::size_t>(i);
        cmyk_to_rgb(lines[row], width, strip_.data() + row * stride);
      }
      sink.rows({.place = {first_column, first, static_cast<std::int64_t>(width), count},
                 .pixels = strip_.data(),
                 .stride = stride,
                 .bytes = static_cast<std::size_t>(count) * stride + readable_beyond});
    }
  }

  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf failed_{};
  std::array<char, JMSG_LENGTH_MAX> message_{};
  bool damaged_ = false;
  std::vector<std::uint8_t> strip_;
  std::vector<std::uint8_t> cmyk_;
};

bool is_jpeg(std::span<const std::byte> file) {
  return file.size() > 2 && file[0] == std::byte{0xFF} && file[1] == std::byte{0xD8};
}

class TurboJpegDecoder : public Decoder {
 public:
  void decode(std::span<const std::byte> file, RowSink& sink) const override {
    if (!is_jpeg(file)) return others_->decode(file, sink);
    require_intact_image(file);  // The library fills what is missing at the end with gray.
    thread_local Decompressor decompressor;
    decompressor.decode(file, sink);
  }

 private:
  std::unique_ptr<Decoder> others_ = make_stb_decoder();
};

}  // namespace

std::unique_ptr<Decoder> make_turbojpeg_decoder() {
  return std::make_unique<TurboJpegDecoder>();
}

}  // namespace model_search
