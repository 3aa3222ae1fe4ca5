// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/image_integrity.h"

#include <cstring>
#include <stdexcept>
#include <string_view>

#include "datasets/images/jpeg_integrity.h"
#include "datasets/images/png_integrity.h"

namespace model_search {
namespace {

bool starts_with(std::span<const std::byte> file, std::string_view signature) {
  return file.size() >= signature.size() &&
         std::memcmp(file.data(), signature.data(), signature.size()) == 0;
}

}  // namespace

bool is_jpeg(std::span<const std::byte> file) {
  return starts_with(file, "\xFF\xD8\xFF");
}

bool is_png(std::span<const std::byte> file) {
  return starts_with(file, "\x89PNG\r\n\x1A\n");
}

void require_intact_image(std::span<const std::byte> file) {
  if (file.empty()) throw std::runtime_error("the file is empty");
  if (is_jpeg(file)) {
    require_intact_jpeg(file);
  } else if (is_png(file)) {
    require_intact_png(file);
  } else {
    throw std::runtime_error("the file is neither JPEG nor PNG");
  }
}

}  // namespace model_search
