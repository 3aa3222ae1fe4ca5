// SPDX-License-Identifier: Apache-2.0
// The first frame of a GIF as Pillow shows it (its GifImagePlugin), by giflib: what the frame does
// not cover has the transparent color of its palette, or the first one.
// https://giflib.sourceforge.net
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/images/formats/picture.h"

namespace model_search {
namespace {

using Bytes = std::span<const std::byte>;
using Colors = std::array<std::array<std::uint8_t, 3>, 256>;

[[noreturn]] void fail(int error) {
  const char* reason = GifErrorString(error);
  throw std::runtime_error(std::string("the GIF is damaged: ") +
                           (reason != nullptr ? reason : "it ends before its first image"));
}

int read_bytes(GifFileType* gif, GifByteType* out, int count) {
  auto& rest = *static_cast<Bytes*>(gif->UserData);
  const std::size_t taken = std::min(rest.size(), static_cast<std::size_t>(std::max(count, 0)));
  if (taken > 0) std::memcpy(out, rest.data(), taken);
  rest = rest.subspan(taken);
  return static_cast<int>(taken);
}

struct Close {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

/// Reads an extension, and from it which color is transparent.
void read_extension(GifFileType& gif, int& transparent) {
  int code = 0;
  GifByteType* block = nullptr;
  int result = DGifGetExtension(&gif, &code, &block);
  while (result == GIF_OK && block != nullptr) {
    GraphicsControlBlock control{};
    if (code == GRAPHICS_EXT_FUNC_CODE &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
      transparent = control.TransparentColor;
    }
    result = DGifGetExtensionNext(&gif, &block);
  }
  if (result != GIF_OK) fail(gif.Error);
}

/// Goes to the first frame. Returns the index of its transparent color; -1: none.
int find_frame(GifFileType& gif) {
  int transparent = NO_TRANSPARENT_COLOR;
  while (true) {
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(&gif, &type) != GIF_OK) fail(gif.Error);
    if (type == IMAGE_DESC_RECORD_TYPE) break;
    if (type == TERMINATE_RECORD_TYPE) fail(0);
    if (type == EXTENSION_RECORD_TYPE) read_extension(gif, transparent);
  }
  if (DGifGetImageDesc(&gif) != GIF_OK) fail(gif.Error);
  return transparent;
}

/// Without a palette, the indices are shades of gray; indices beyond a palette are black.
Colors colors_of(const ColorMapObject* map) {
  Colors colors{};
  for (std::size_t i = 0; i < colors.size(); ++i) {
    if (map == nullptr) {
      colors[i].fill(static_cast<std::uint8_t>(i));
    } else if (i < static_cast<std::size_t>(map->ColorCount)) {
      const GifColorType& color = map->Colors[i];
      colors[i] = {color.Red, color.Green, color.Blue};
    }
  }
  return colors;
}

/// The rows of a frame in the order in which they are stored.
std::vector<std::size_t> stored_rows(std::size_t height, bool interlaced) {
  struct Pass {
    std::size_t first;
    std::size_t step;
  };
  static constexpr std::array<Pass, 4> interlaced_passes{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  static constexpr std::array<Pass, 1> one_pass{{{0, 1}}};
  std::vector<std::size_t> rows;
  for (const Pass& pass :
       interlaced ? std::span<const Pass>(interlaced_passes) : std::span<const Pass>(one_pass)) {
    for (std::size_t y = pass.first; y < height; y += pass.step) rows.push_back(y);
  }
  return rows;
}

}  // namespace

void decode_gif(Bytes file, RowSink& sink) {
  int error = 0;
  const std::unique_ptr<GifFileType, Close> gif(DGifOpen(&file, read_bytes, &error));
  if (!gif) fail(error);
  const int transparent = find_frame(*gif);
  const GifImageDesc& frame = gif->Image;
  const auto left = static_cast<std::size_t>(frame.Left);
  const auto top = static_cast<std::size_t>(frame.Top);
  const auto width = static_cast<std::size_t>(frame.Width);
  const auto height = static_cast<std::size_t>(frame.Height);
  if (width == 0 || height == 0) throw std::runtime_error("the GIF has an image without pixels");
  const std::size_t whole_width = std::max(static_cast<std::size_t>(gif->SWidth), left + width);
  const std::size_t whole_height = std::max(static_cast<std::size_t>(gif->SHeight), top + height);
  announce(sink, whole_width, whole_height);
  Picture picture(whole_width, whole_height);

  const Colors colors = colors_of(frame.ColorMap != nullptr ? frame.ColorMap : gif->SColorMap);
  const auto& around = colors[static_cast<std::size_t>(std::max(transparent, 0))];
  for (std::size_t y = 0; y < picture.height(); ++y) {
    std::uint8_t* out = picture.row(y);
    for (std::size_t x = 0; x < picture.width(); ++x) out = std::ranges::copy(around, out).out;
  }
  std::vector<GifPixelType> indices(width);
  for (const std::size_t y : stored_rows(height, frame.Interlace)) {
    if (DGifGetLine(gif.get(), indices.data(), frame.Width) != GIF_OK) fail(gif->Error);
    std::uint8_t* out = picture.row(top + y) + 3 * left;
    for (const GifPixelType index : indices) out = std::ranges::copy(colors[index], out).out;
  }
  picture.give_to(sink);
}

}  // namespace model_search
