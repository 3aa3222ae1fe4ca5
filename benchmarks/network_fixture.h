// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "benchmarks/step_fixture.h"

namespace model_search {

/// What the steps that run a network share: real inputs at the cut, the check against a
/// reference, and the counters of a network's work.
class NetworkFixture : public StepFixture {
 public:
  using StepFixture::StepFixture;

 protected:
  /// `count` items at the cut on the device: photographs for `full`, else what the trunk computes
  /// from them, [count, ...], in pieces of at most `piece` items.
  [[nodiscard]] at::Tensor activations_at_cut(std::int64_t count, std::int64_t piece = 0) const;
  /// Compares the features of `network` for a few items with those of the full network on the
  /// CPU (on a GPU in strict float32 first, then in its own precision against those); throws
  /// std::runtime_error that says what was expected and what came where they differ by more than
  /// the tolerance. Once per network, cut, device and precision.
  void check_features(const Network& network) const;
  /// macs and params of the configuration, and their shares of the full network.
  void add_work(Row& row) const;
  /// peak_device_bytes on a GPU.
  void add_peak_bytes(Row& row) const;
};

}  // namespace model_search
