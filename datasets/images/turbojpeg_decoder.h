// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "datasets/images/decoder.h"

namespace model_search {

/// libjpeg-turbo for JPEG (jpeg_decompressor.h).
[[nodiscard]] std::unique_ptr<Decoder> make_turbojpeg_decoder();

}  // namespace model_search
