// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/score_features.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>

namespace model_search {
namespace {

at::Tensor to_tensor(const std::vector<std::int64_t>& values, const at::Tensor& like) {
  // from_blob refers to the vector, so it is copied (clone, or to another device).
  return at::from_blob(const_cast<std::int64_t*>(values.data()),
                       {static_cast<std::int64_t>(values.size())}, at::TensorOptions(at::kLong))
      .clone()
      .to(like.device());
}

}  // namespace

ProbeData split_features(const at::Tensor& features, const std::vector<std::int64_t>& labels,
                         std::uint64_t seed) {
  const Split split = stratified_split(labels, seed);
  const at::Tensor all_labels = to_tensor(labels, features);
  const at::Tensor train = to_tensor(split.train, features);
  const at::Tensor held_out = to_tensor(split.held_out, features);
  return {features.index_select(0, train), all_labels.index_select(0, train),
          features.index_select(0, held_out), all_labels.index_select(0, held_out),
          *std::max_element(labels.begin(), labels.end()) + 1};
}

ProbeData with_synthetic_labels(const at::Tensor& features, std::int64_t classes) {
  const std::int64_t items = features.size(0);
  const std::int64_t held_out = std::max<std::int64_t>(1, items / 5);
  const at::Tensor labels =
      at::arange(items, features.options().dtype(at::kLong)).remainder(classes);
  return {features, labels, features.narrow(0, 0, held_out), labels.narrow(0, 0, held_out),
          classes};
}

}  // namespace model_search
