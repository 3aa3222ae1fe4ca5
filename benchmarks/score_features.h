// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fixtures/probe.h"

namespace model_search {

/// A probe's data on the device, split into training and held-out part.
struct ProbeData {
  at::Tensor train;
  at::Tensor train_labels;
  at::Tensor test;
  at::Tensor test_labels;
  std::int64_t classes = 0;
};

/// Splits `features` [N, D] (on any device) by the seeded stratified 80/20 split of `labels`.
[[nodiscard]] ProbeData split_features(const at::Tensor& features,
                                       const std::vector<std::int64_t>& labels, std::uint64_t seed);

/// The same features with balanced synthetic labels 0 … classes - 1 in turn, for the cost of a
/// probe of another size: trained on all items, evaluated on the fifth that is held out otherwise.
[[nodiscard]] ProbeData with_synthetic_labels(const at::Tensor& features, std::int64_t classes);

}  // namespace model_search
