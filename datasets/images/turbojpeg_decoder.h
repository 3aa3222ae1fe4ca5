// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "datasets/images/decoder.h"

namespace model_search {

/// libjpeg-turbo for JPEG, with the settings of PIL (accurate integer DCT, triangle upsampling of
/// chroma, Adobe's inverted CMYK): decodes only the rows and columns that the sink needs and what
/// upsampling needs around them. Other formats go to stb. https://libjpeg-turbo.org
[[nodiscard]] std::unique_ptr<Decoder> make_turbojpeg_decoder();

}  // namespace model_search
