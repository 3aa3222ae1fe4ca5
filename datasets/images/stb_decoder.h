// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "datasets/images/decoder.h"

namespace model_search {

/// stb_image for JPEG (baseline and progressive), on files in which libjpeg-turbo finds no damage:
/// stb_image fills what is missing with gray. PNG goes to libpng. https://github.com/nothings/stb
[[nodiscard]] std::unique_ptr<Decoder> make_stb_decoder();

}  // namespace model_search
