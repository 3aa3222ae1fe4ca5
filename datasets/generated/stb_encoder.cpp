// SPDX-License-Identifier: Apache-2.0
#include "datasets/generated/stb_encoder.h"

#include <stdexcept>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

namespace model_search {

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
  std::vector<std::byte> file;
  file.reserve(image.pixels.size() / 3);
  const auto append = [](void* context, void* data, int size) {
    const auto* bytes = static_cast<const std::byte*>(data);
    auto& destination = *static_cast<std::vector<std::byte>*>(context);
    destination.insert(destination.end(), bytes, bytes + size);
  };
  constexpr int channels = 3;
  if (stbi_write_jpg_to_func(append, &file, static_cast<int>(image.width),
                             static_cast<int>(image.height), channels, image.pixels.data(),
                             quality) == 0) {
    throw std::runtime_error("stb_image_write could not encode an image of " +
                             std::to_string(image.width) + " x " + std::to_string(image.height));
  }
  return file;
}

}  // namespace model_search
