// SPDX-License-Identifier: Apache-2.0
// WebP by libwebp's decoder of animations, as Pillow reads it: the first frame on its canvas,
// without its transparency. https://developers.google.com/speed/webp/docs/container-api
#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>

#include "datasets/images/formats/picture.h"

namespace model_search {
namespace {

struct Delete {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

}  // namespace

void decode_webp(std::span<const std::byte> file, RowSink& sink) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(file.data());
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(bytes, file.size(), &features) != VP8_STATUS_OK) {
    throw std::runtime_error("the WebP is damaged: its headers cannot be read");
  }
  const auto width = static_cast<std::uint64_t>(features.width);
  const auto height = static_cast<std::uint64_t>(features.height);
  announce(sink, width, height);

  WebPAnimDecoderOptions options{};
  WebPAnimDecoderOptionsInit(&options);
  options.color_mode = MODE_RGBA;
  const WebPData data{bytes, file.size()};
  const std::unique_ptr<WebPAnimDecoder, Delete> decoder(WebPAnimDecoderNew(&data, &options));
  if (!decoder) throw std::runtime_error("the WebP is damaged or truncated");
  WebPAnimInfo info{};
  std::uint8_t* pixels = nullptr;
  int time = 0;
  if (WebPAnimDecoderGetInfo(decoder.get(), &info) == 0 || info.canvas_width != width ||
      info.canvas_height != height || WebPAnimDecoderGetNext(decoder.get(), &pixels, &time) == 0) {
    throw std::runtime_error("the WebP is damaged: its first frame cannot be decoded");
  }
  Picture picture(width, height);
  for (std::size_t y = 0; y < picture.height(); ++y) {
    std::uint8_t* out = picture.row(y);
    for (std::size_t x = 0; x < picture.width(); ++x, pixels += 4)
      out = std::copy_n(pixels, 3, out);
  }
  picture.give_to(sink);
}

}  // namespace model_search
