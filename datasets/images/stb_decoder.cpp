// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/stb_decoder.h"

#include <climits>
#include <stdexcept>

#include "datasets/images/image_integrity.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#include <stb_image.h>

namespace model_search {
namespace {

constexpr int kChannels = 3;

class StbDecoder : public Decoder {
 public:
  void decode(std::span<const std::byte> file, RowSink& sink) const override {
    require_intact_image(file);  // stb fills missing parts with gray and verifies no checksum.
    if (file.size() > INT_MAX) throw std::runtime_error("the file is larger than 2 GiB");
    int width = 0;
    int height = 0;
    int channels_in_file = 0;
    const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
        stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(file.data()),
                              static_cast<int>(file.size()), &width, &height, &channels_in_file,
                              kChannels),
        &stbi_image_free);
    if (!pixels) throw std::runtime_error(std::string("stb_image: ") + stbi_failure_reason());
    (void)sink.begin(width, height);
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
