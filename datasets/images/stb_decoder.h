// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "datasets/images/decoder.h"

namespace model_search {

/// stb_image: JPEG (baseline and progressive) and PNG. https://github.com/nothings/stb
[[nodiscard]] std::unique_ptr<Decoder> make_stb_decoder();

}  // namespace model_search
