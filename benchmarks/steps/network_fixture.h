// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "benchmarks/steps/counter.h"
#include "benchmarks/steps/step_fixture.h"
#include "fixtures/searching/feature_check.h"
#include "fixtures/searching/joint_heads.h"

namespace model_search {

/// The most distinct batches that a step with a network holds on its device and computes in turn,
/// so that no batch finds its own input in a cache. MaxBatchSize holds as many.
inline constexpr std::int64_t held_inputs = 4;

/// What the steps that run a network share: the network of the configuration, real inputs for it,
/// the check against a reference, and the counters of a network's work.
class NetworkFixture : public StepFixture {
 public:
  using StepFixture::StepFixture;

 protected:
  /// The heads of a joint configuration, its own candidate's first; empty for other configurations.
  [[nodiscard]] std::vector<Head> heads() const;
  /// Builds the network of the configuration on its device. Adds to `seconds`.
  [[nodiscard]] JointNetwork build_network(LoadSeconds* seconds = nullptr) const;
  /// Makes the input of that network: `count` items of the data set at `place`, or what the trunk
  /// computes from them, [count, ...]. Texts have their full length.
  [[nodiscard]] NetworkInput network_input(const Placement& place, std::int64_t count) const;
  /// Makes `count` batches of the row's size, each in memory of its own as a loaded batch is. Texts
  /// are padded as the row says.
  [[nodiscard]] std::vector<NetworkInput> distinct_inputs(std::int64_t count) const;
  /// Compares the network's features with the full network's on the CPU, once per setting
  /// (FeatureChecks). Returns the largest relative distance of an item.
  double check_features(const JointNetwork& network) const;
  /// Adds macs and params of the configuration, and their shares of the full network (joint: of as
  /// many full networks as there are heads).
  void add_work(Row& row, const Lengths& lengths) const;
  /// Adds how near the row comes to the bounds of its device (benchmarks/steps/roofline.h).
  void add_roofline(Row& row, const Lengths& lengths) const;
  /// Adds peak_device_bytes on a GPU.
  void add_peak_bytes(Row& row) const;

 private:
  /// The work of one forward pass of the configuration.
  [[nodiscard]] Work pass_work(const Lengths& lengths) const;
  /// The network of the configuration, and what its features depend on.
  [[nodiscard]] NetworkSetting setting() const;
};

/// The counters of steps that run a network.
[[nodiscard]] std::vector<Counter> network_counters();

}  // namespace model_search
