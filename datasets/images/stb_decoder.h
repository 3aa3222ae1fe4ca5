// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "datasets/images/decoder.h"

namespace model_search {

/// stb_image for JPEG (baseline and progressive). It fills what is missing with gray, so where a
/// file may lack something, libjpeg-turbo's verdict on the same rows counts.
/// https://github.com/nothings/stb
[[nodiscard]] std::unique_ptr<Decoder> make_stb_decoder();

}  // namespace model_search
