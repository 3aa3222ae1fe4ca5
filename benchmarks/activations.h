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
  const Candidate& candidate;
  StageRange range;
  Device device;
  InputSettings input;
  std::string precision;
  std::size_t workers = 1;
  std::size_t batch = 1;
  std::size_t items = 0;  ///< spread over the data set; its size: all
  /// The seconds of building are reported, so that they must be those of these settings: an entry
  /// that was built with others is built again.
  bool timed = false;
  InputFormat format;                  ///< how the network computes
  Element storage = Element::float32;  ///< as what its values are kept
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

/// The items that a run uses: `items` of the data set (0: all), from their files, or prepared ones
/// from the cache, where they are written first if need be.
[[nodiscard]] std::shared_ptr<const ItemSource> input_items(Session& session,
                                                            const InputSettings& input,
                                                            std::size_t items);

/// Finds the entry (of exactly these items or, where it is not timed, of all items), or builds it:
/// the range of stages runs over the items and what it computes is written. An entry that would
/// exceed --cache_limit is refused before any work.
[[nodiscard]] CachedActivations ensure_activations(Session& session,
                                                   const ActivationRequest& request);

/// Writes a batch's values [N, ...], on any device, as `storage`, and the mask [N, L] where it is
/// defined; both are then padded to `length`, for the cache keeps items of one shape. Throws
/// std::runtime_error where a value is too large for float16.
void append_activations(ActivationWriter& writer, const at::Tensor& values, const at::Tensor& mask,
                        std::int64_t length, Element storage);

/// The shape of items whose float32 values are kept as `storage`.
[[nodiscard]] ItemShape stored_shape(ItemShape shape, Element storage);

/// Labels of all items of a source, in its order.
[[nodiscard]] std::vector<std::int64_t> labels_of(const ItemSource& source);

}  // namespace model_search
