// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/decoder_libraries.h"

#include <png.h>

#include <cstdio>

// After <cstdio>, which it needs.
#include <jpeglib.h>

#define MODEL_SEARCH_TEXT_OF(value) #value
#define MODEL_SEARCH_TEXT(value) MODEL_SEARCH_TEXT_OF(value)

namespace model_search {

std::vector<DecoderLibrary> decoder_libraries() {
  return {{"libjpeg_turbo", MODEL_SEARCH_TEXT(LIBJPEG_TURBO_VERSION)},
          {"libpng", png_get_libpng_ver(nullptr)},
          {"stb_image", STB_IMAGE_VERSION}};
}

}  // namespace model_search
