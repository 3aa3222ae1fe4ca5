// SPDX-License-Identifier: Apache-2.0
// TIFF by libtiff, as Pillow reads it (its TiffImagePlugin): the first image, gray, palette or RGB,
// in strips or tiles, turned as its tag of orientation says. http://www.libtiff.org
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/images/formats/picture.h"
#include "datasets/images/formats/tiff_memory.h"

namespace model_search {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error("the file is a TIFF with " + what + ", which is not read");
}

struct Layout {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t bits = 1;
  std::uint16_t samples = 1;
  std::uint16_t photometric = PHOTOMETRIC_MINISWHITE;
  std::uint16_t orientation = ORIENTATION_TOPLEFT;
  bool planes = false;         ///< each sample in a plane of its own
  bool premultiplied = false;  ///< by the fourth sample of RGB

  /// Whether the picture's rows are stored as columns.
  [[nodiscard]] bool turned() const {
    return orientation >= ORIENTATION_LEFTTOP && orientation <= ORIENTATION_LEFTBOT;
  }
  [[nodiscard]] std::size_t picture_width() const { return turned() ? height : width; }
  [[nodiscard]] std::size_t picture_height() const { return turned() ? width : height; }
  [[nodiscard]] std::size_t colors() const { return photometric == PHOTOMETRIC_RGB ? 3 : 1; }
  /// The samples of a pixel that are used: its colors, and an alpha that they were multiplied by.
  [[nodiscard]] std::size_t used() const { return colors() + (premultiplied ? 1 : 0); }
};

void require_known(TIFF* tiff, const Layout& layout) {
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint16_t format = SAMPLEFORMAT_UINT;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  constexpr std::array known{COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                             COMPRESSION_DEFLATE, COMPRESSION_PACKBITS};
  if (std::ranges::find(known, compression) == known.end()) {
    refuse("compression " + std::to_string(compression));
  }
  if (format != SAMPLEFORMAT_UINT) refuse("samples of format " + std::to_string(format));
  const std::string bits = std::to_string(layout.bits) + " bits a sample";
  const bool shallow = layout.bits == 1 || layout.bits == 2 || layout.bits == 4 || layout.bits == 8;
  switch (layout.photometric) {
    case PHOTOMETRIC_RGB:
      if (layout.bits != 8 && layout.bits != 16) refuse("colors of " + bits);
      break;
    case PHOTOMETRIC_MINISBLACK:
      if (!shallow && layout.bits != 16) refuse("gray of " + bits);
      break;
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_PALETTE:
      if (!shallow) refuse("gray or a palette of " + bits);
      break;
    default:
      refuse("photometric interpretation " + std::to_string(layout.photometric));
  }
  if (layout.samples < layout.colors() || layout.samples > 6 ||
      (layout.samples > layout.colors() && layout.bits < 8)) {
    refuse(std::to_string(layout.samples) + " samples a pixel of " + bits);
  }
}

Layout read_layout(TIFF* tiff, const TiffMemory& memory) {
  Layout layout;
  if (TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout.width) == 0 ||
      TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout.height) == 0) {
    fail_tiff(memory);
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout.samples);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout.photometric);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &layout.orientation);
  std::uint16_t planar = PLANARCONFIG_CONTIG;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  layout.planes = planar == PLANARCONFIG_SEPARATE;
  std::uint16_t extra_count = 0;
  std::uint16_t* extra = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
  const bool multiplied = extra_count > 0 && extra[0] == EXTRASAMPLE_ASSOCALPHA;
  if (multiplied && layout.photometric != PHOTOMETRIC_RGB) refuse("gray multiplied by an alpha");
  layout.premultiplied = multiplied && layout.samples > 3;
  require_known(tiff, layout);
  return layout;
}

/// The used samples of all pixels, as bytes [height, width, used].
class Samples {
 public:
  explicit Samples(const Layout& layout)
      : layout_(layout), bytes_(std::size_t{layout.width} * layout.height * layout.used()) {}

  [[nodiscard]] const std::uint8_t* pixel(std::size_t x, std::size_t y) const {
    return bytes_.data() + (y * layout_.width + x) * layout_.used();
  }

  /// Takes a row of stored samples: of all of a pixel's, or those of one plane.
  void take(const std::uint8_t* stored, std::size_t left, std::size_t y, std::size_t count,
            std::size_t plane) {
    const std::size_t stored_samples = layout_.planes ? 1 : layout_.samples;
    const std::size_t first = layout_.planes ? plane : 0;
    const std::size_t taken = layout_.planes ? 1 : layout_.used();
    std::uint8_t* out = bytes_.data() + (y * layout_.width + left) * layout_.used() + first;
    for (std::size_t x = 0; x < count; ++x, out += layout_.used()) {
      for (std::size_t s = 0; s < taken; ++s) out[s] = sample(stored, x * stored_samples + s);
    }
  }

 private:
  [[nodiscard]] std::uint8_t sample(const std::uint8_t* stored, std::size_t index) const {
    if (layout_.bits == 16) {
      std::uint16_t value = 0;  // libtiff gives the machine's order of bytes.
      std::memcpy(&value, stored + 2 * index, sizeof(value));
      // Pillow keeps the high byte of colors, but cuts gray off.
      return static_cast<std::uint8_t>(layout_.colors() == 3 ? value >> 8U
                                                             : std::min<unsigned>(value, 255));
    }
    const std::size_t bit = index * layout_.bits;
    return static_cast<std::uint8_t>((stored[bit / 8] >> (8 - layout_.bits - bit % 8)) &
                                     ((1U << layout_.bits) - 1));
  }

  const Layout& layout_;
  std::vector<std::uint8_t> bytes_;
};

/// Reads all strips or tiles of the planes that are used.
void read_samples(TIFF* tiff, const Layout& layout, const TiffMemory& memory, Samples& samples) {
  const bool tiled = TIFFIsTiled(tiff) != 0;
  std::uint32_t width = layout.width;
  std::uint32_t height = layout.height;
  if (tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
    constexpr std::uint64_t usual = std::uint64_t{4096} * 4096;
    const std::uint64_t most = std::max(usual, std::uint64_t{layout.width} * layout.height);
    if (width == 0 || height == 0 || width > most / height) {
      refuse("tiles of " + std::to_string(width) + " x " + std::to_string(height) + " pixels");
    }
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &height);
    height = std::clamp<std::uint32_t>(height, 1, layout.height);
  }
  const auto line =
      static_cast<std::size_t>(tiled ? TIFFTileRowSize(tiff) : TIFFScanlineSize(tiff));
  const std::size_t stored_samples = layout.planes ? 1 : layout.samples;
  if (line < (std::size_t{width} * stored_samples * layout.bits + 7) / 8) fail_tiff(memory);
  std::vector<std::uint8_t> part(line * height);
  const std::size_t planes = layout.planes ? layout.used() : 1;
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (std::uint32_t top = 0; top < layout.height; top += height) {
      const std::size_t rows = std::min(height, layout.height - top);
      for (std::uint32_t left = 0; left < layout.width; left += width) {
        const auto sample = static_cast<std::uint16_t>(plane);
        const auto size = static_cast<tmsize_t>(part.size());
        const tmsize_t got =
            tiled ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, left, top, 0, sample),
                                        part.data(), size)
                  : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, top, sample), part.data(),
                                         static_cast<tmsize_t>(line * rows));
        if (got < static_cast<tmsize_t>(line * rows)) fail_tiff(memory);
        const std::size_t columns = std::min(width, layout.width - left);
        for (std::size_t y = 0; y < rows; ++y) {
          samples.take(part.data() + y * line, left, top + y, columns, plane);
        }
      }
    }
  }
}

using Colors = std::array<std::array<std::uint8_t, 3>, 256>;

/// The colors of a palette's or gray image's samples.
Colors colors_of(TIFF* tiff, const Layout& layout) {
  Colors colors{};
  const std::size_t count = layout.bits >= 8 ? 256 : std::size_t{1} << layout.bits;
  std::array<std::uint16_t*, 3> map{};
  const bool palette = layout.photometric == PHOTOMETRIC_PALETTE;
  if (palette && TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]) == 0) {
    refuse("a palette that is missing");
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t shade = i * 255 / (count - 1);
    for (std::size_t c = 0; c < 3; ++c) {
      const bool white = layout.photometric == PHOTOMETRIC_MINISWHITE;
      colors[i][c] = static_cast<std::uint8_t>(palette ? map[c][i] / 256
                                               : white ? 255 - shade
                                                       : shade);
    }
  }
  return colors;
}

/// RGB without the alpha that it was multiplied by, as Pillow divides.
void divide_by_alpha(const std::uint8_t* pixel, std::uint8_t* out) {
  const unsigned alpha = pixel[3];
  for (std::size_t c = 0; c < 3; ++c) {
    out[c] = static_cast<std::uint8_t>(alpha == 0 ? 0 : std::min(pixel[c] * 255U / alpha, 255U));
  }
}

/// Where a pixel of the turned picture is stored.
std::array<std::size_t, 2> stored_place(const Layout& layout, std::size_t x, std::size_t y) {
  const std::size_t right = layout.width - 1U;
  const std::size_t bottom = layout.height - 1U;
  switch (layout.orientation) {
    case ORIENTATION_TOPRIGHT:
      return {right - x, y};
    case ORIENTATION_BOTRIGHT:
      return {right - x, bottom - y};
    case ORIENTATION_BOTLEFT:
      return {x, bottom - y};
    case ORIENTATION_LEFTTOP:
      return {y, x};
    case ORIENTATION_RIGHTTOP:
      return {y, bottom - x};
    case ORIENTATION_RIGHTBOT:
      return {right - y, bottom - x};
    case ORIENTATION_LEFTBOT:
      return {right - y, x};
    default:
      return {x, y};
  }
}

}  // namespace

void decode_tiff(std::span<const std::byte> file, RowSink& sink) {
  TiffMemory memory{file, 0, {}};
  const Tiff tiff = open_tiff(memory);
  const Layout layout = read_layout(tiff.get(), memory);
  announce(sink, layout.picture_width(), layout.picture_height());
  const Colors colors = colors_of(tiff.get(), layout);
  Samples samples(layout);
  read_samples(tiff.get(), layout, memory, samples);

  Picture picture(layout.picture_width(), layout.picture_height());
  for (std::size_t y = 0; y < picture.height(); ++y) {
    std::uint8_t* out = picture.row(y);
    for (std::size_t x = 0; x < picture.width(); ++x, out += 3) {
      const auto [stored_x, stored_y] = stored_place(layout, x, y);
      const std::uint8_t* pixel = samples.pixel(stored_x, stored_y);
      if (layout.premultiplied) {
        divide_by_alpha(pixel, out);
      } else if (layout.colors() == 3) {
        std::copy_n(pixel, 3, out);
      } else {
        std::ranges::copy(colors[*pixel], out);
      }
    }
  }
  picture.give_to(sink);
}

}  // namespace model_search
