// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "datasets/images/image.h"

namespace model_search {

/// The size that an image is resized to, the part of the result that is kept, and which of the two
/// passes comes first: pixels have 8 bits in between, so the order changes the result by up to 1.
struct ResizePlan {
  std::int64_t width = 0;
  std::int64_t height = 0;
  Rectangle window;
  bool vertical_first = false;
};

}  // namespace model_search
