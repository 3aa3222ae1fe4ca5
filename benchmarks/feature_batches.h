// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>

#include <utility>
#include <vector>

#include "benchmarks/extraction.h"

namespace model_search {

/// Collects the heads' features batch by batch, as float32.
class FeatureBatches {
 public:
  void add(std::vector<at::Tensor> heads) {
    batches_.resize(heads.size());
    for (std::size_t i = 0; i < heads.size(); ++i) {
      batches_[i].push_back(heads[i].to(at::kFloat));
    }
  }
  [[nodiscard]] std::vector<at::Tensor> all() const {
    std::vector<at::Tensor> features;
    features.reserve(batches_.size());
    for (const auto& head : batches_) features.push_back(at::cat(head));
    return features;
  }

 private:
  std::vector<std::vector<at::Tensor>> batches_;
};

/// Notes a batch's items and their length.
inline void count_batch(Extraction& result, const Activations& input) {
  ++result.batches;
  if (input.mask.defined()) {
    result.lengths.add(static_cast<double>(input.mask.size(0)),
                       static_cast<double>(input.mask.size(1)));
  }
}

}  // namespace model_search
