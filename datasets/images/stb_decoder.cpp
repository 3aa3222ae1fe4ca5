// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/stb_decoder.h"

#include <climits>
#include <stdexcept>

#include "datasets/images/image_integrity.h"
#include "datasets/images/jpeg_for_stb.h"
#include "datasets/images/jpeg_header.h"
#include "datasets/images/png_decoder.h"
#include "datasets/images/turbojpeg_decoder.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_ONLY_JPEG
#include <stb_image.h>

namespace model_search {
namespace {

constexpr int kChannels = 3;

class StbDecoder : public Decoder {
 public:
  void decode(std::span<const std::byte> file, RowSink& sink) const override {
    require_intact_image(file);
    if (is_png(file)) return decode_png(file, sink);
    if (file.size() > INT_MAX / 2) throw std::runtime_error("the file is larger than 1 GiB");
    const JpegHeader header = read_jpeg_header(file);
    require_kind_of_stb(header);
    (void)sink.begin(header.width, header.height);      // It may refuse the size.
    const std::size_t end = require_whole_scans(file);  // stb fills what is missing with gray.
    thread_local std::vector<std::byte> memory;
    const std::span<const std::byte> jpeg = jpeg_for_stb(file, end, memory);
    int width = 0;
    int height = 0;
    int channels_in_file = 0;
    const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
        stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(jpeg.data()),
                              static_cast<int>(jpeg.size()), &width, &height, &channels_in_file,
                              kChannels),
        &stbi_image_free);
    if (!pixels) throw std::runtime_error(std::string("stb_image: ") + stbi_failure_reason());
    const std::size_t stride = static_cast<std::size_t>(width) * kChannels;
    sink.rows({.place = {0, 0, width, height},
               .pixels = pixels.get(),
               .stride = stride,
               .bytes = stride * static_cast<std::size_t>(height)});
  }
};

}  // namespace

std::unique_ptr<Decoder> make_stb_decoder() {
  return std::make_unique<StbDecoder>();
}

}  // namespace model_search
