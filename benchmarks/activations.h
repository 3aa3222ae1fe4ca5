// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>

#include "benchmarks/session.h"
#include "datasets/item_source.h"
#include "fixtures/models/architecture.h"

namespace model_search {

/// What activations (or features: the range then ends with the head) are computed from and with.
struct ActivationRequest {
  std::string subject;
  StageRange range;
  Device device;
  std::string decoder;
  std::string precision;
  std::size_t workers = 1;
  std::size_t batch = 1;
  std::size_t items = 0;  ///< spread over the data set; its size: all
};

/// Cached activations of the items asked for, and what building them took when they were built.
struct CachedActivations {
  std::shared_ptr<const ItemSource> source;
  double build_seconds = 0;
};

/// The key of a request's entry when it holds `items` of the data set's items.
[[nodiscard]] ActivationKey activation_key(Session& session, const ActivationRequest& request,
                                           std::size_t items);

/// Features [N, D] float32 on the host of the items asked for, through the same cache.
[[nodiscard]] at::Tensor ensure_features(Session& session, ActivationRequest request);

/// The source of the photographs that a run of `items` uses.
[[nodiscard]] std::shared_ptr<const ItemSource> photographs(Session& session,
                                                            const std::string& decoder,
                                                            std::size_t items);

/// Finds the entry (of exactly these items, or of all items), or builds it: the range of stages
/// runs over the photographs and what it computes is written. An entry that would exceed
/// --cache_limit is refused before any work.
[[nodiscard]] CachedActivations ensure_activations(Session& session,
                                                   const ActivationRequest& request);

}  // namespace model_search
