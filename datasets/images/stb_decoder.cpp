// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/stb_decoder.h"

#include <climits>
#include <stdexcept>

#include "datasets/images/jpeg_decompressor.h"
#include "datasets/images/jpeg_for_stb.h"
#include "datasets/images/jpeg_header.h"
#include "datasets/images/jpeg_integrity.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_ONLY_JPEG
#include <stb_image.h>

namespace model_search {
namespace {

constexpr int kChannels = 3;

using Pixels = std::unique_ptr<stbi_uc, decltype(&stbi_image_free)>;

/// Does what stbi_load_from_memory() does, and reports whether the last scan was cut off, where
/// stb_image goes on with zeros.
Pixels load(std::span<const std::byte> jpeg, bool& cut) {
  stbi__context context;
  stbi__start_mem(&context, reinterpret_cast<const stbi_uc*>(jpeg.data()),
                  static_cast<int>(jpeg.size()));
  const auto state = std::make_unique<stbi__jpeg>();
  state->s = &context;
  stbi__setup_jpeg(state.get());
  int width = 0;
  int height = 0;
  int channels_in_file = 0;
  Pixels pixels(load_jpeg_image(state.get(), &width, &height, &channels_in_file, kChannels),
                &stbi_image_free);
  cut = state->nomore != 0;
  return pixels;
}

class StbDecoder : public Decoder {
 public:
  void decode(std::span<const std::byte> file, RowSink& sink) const override {
    require_intact_jpeg(file);
    if (file.size() > INT_MAX / 2) throw std::runtime_error("the file is larger than 1 GiB");
    const JpegHeader header = read_jpeg_header(file);
    require_kind_of_stb(header);
    const Rectangle needed = sink.begin(header.width, header.height);
    const std::int64_t bottom = needed.top + needed.height;
    // stb_image fills what is missing with gray. It shows that at the end of the last scan alone.
    const bool one_end = header.restart_interval == 0 && !header.progressive() &&
                         header.scan.components == header.components;
    if (!one_end) require_whole_scans(file, bottom);
    thread_local std::vector<std::byte> memory;
    bool cut = false;
    const Pixels pixels = load(jpeg_for_stb(file, memory), cut);
    if (one_end && (cut || !pixels)) require_whole_scans(file, bottom);
    if (!pixels) throw std::runtime_error(std::string("stb_image: ") + stbi_failure_reason());
    const std::size_t stride = static_cast<std::size_t>(header.width) * kChannels;
    sink.rows({.place = {0, 0, header.width, header.height},
               .pixels = pixels.get(),
               .stride = stride,
               .bytes = stride * static_cast<std::size_t>(header.height)});
  }
};

}  // namespace

std::unique_ptr<Decoder> make_stb_decoder() {
  return std::make_unique<StbDecoder>();
}

}  // namespace model_search
