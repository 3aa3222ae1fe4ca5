// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>

namespace model_search {

/// The 64 items [64, 3, 224, 224] float32 on which random networks get their BatchNorm
/// statistics: drawn from a fixed seed and preprocessed, never from the data set that is searched,
/// so that random weights are the same for every data set.
[[nodiscard]] at::Tensor calibration_photographs(std::size_t threads);

}  // namespace model_search
