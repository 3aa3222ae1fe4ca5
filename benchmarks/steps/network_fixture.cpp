// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/network_fixture.h"

#include <string>

#include "benchmarks/steps/roofline.h"
#include "fixtures/devices/precision.h"

namespace model_search {
std::vector<Counter> network_counters() {
  return {
      {"macs", "MACs", "",
       "multiply-accumulate operations for one item by the architecture's definition, of which "
       "fused "
       "networks leave some out; WriteActivations: of the trunk"},
      {"params", "parameters", "",
       "parameters of the part of the network that runs; WriteActivations: of the trunk"},
      {"macs_share", "share", "",
       "macs over those of the full network (joint: over those of as many full networks as there "
       "are heads)"},
      {"params_share", "share", "",
       "params over those of the full network (joint: over those of as many full networks as there "
       "are heads)"},
      {"heads", "heads", "", "tails of a joint configuration"},
      {"random_heads", "heads", "",
       "tails of a joint configuration that have random weights because the zoo has too few "
       "candidates with this trunk"},
      {"feature_distance", "ratio", "lower",
       "largest relative distance of an item's features from the reference's"},
      {"mean_length", "tokens", "", "mean tokens of a text, padding included"},
      {"peak_device_bytes", "bytes", "lower",
       "most bytes that tensors took on the device; of several devices, on one of them"},
      {"arithmetic_intensity", "FLOP/byte", "",
       "floating-point operations of a batch (two per multiply-accumulate) over bytes"},
      {"peak_matrix_flops", "FLOP/s", "",
       "operations per second of a large matrix product in the row's precision on this device"},
      {"peak_copy_bytes", "bytes/s", "", "bytes per second of a large copy in the device's memory"},
      {"achieved_matrix", "share", "higher", "share of peak_matrix_flops that the row reaches"},
      {"achieved_copy", "share", "higher", "share of peak_copy_bytes that the row reaches"},
      {"bound_compute", "flag", "", "1 where arithmetic is the nearer bound, 0 where memory is"},
      {"gain_over_separate", "ratio", "higher",
       "joint configurations: seconds of the heads as separate networks over the row's; above 1 "
       "the joint network is faster"},
  };
}

std::vector<Head> NetworkFixture::heads() const {
  if (!configuration().joint()) return {};
  return joint_heads(session().candidates, candidate(), configuration(),
                     static_cast<std::size_t>(combination().number(axes().heads)));
}

JointNetwork NetworkFixture::build_network(LoadSeconds* seconds) const {
  return build_model(session().candidates, candidate(), configuration(), heads(), placement(),
                     seconds);
}

NetworkSetting NetworkFixture::setting() const {
  return {candidate(),
          configuration(),
          heads(),
          placement(),
          find_precision(precision()),
          storage(),
          input(),
          combination().identity(affects_features | affects_memory)};
}

NetworkInput NetworkFixture::network_input(const Placement& place, std::int64_t count) const {
  return real_inputs(session(), setting(), place, 1, count).front();
}

std::vector<NetworkInput> NetworkFixture::distinct_inputs(std::int64_t count) const {
  std::vector<NetworkInput> inputs =
      real_inputs(session(), setting(), placement(), count, static_cast<std::int64_t>(batch()));
  for (NetworkInput& input : inputs) {
    input = pad(input, NetworkFixture::input().padding);
    // On a CPU these are slices of one tensor, which have another alignment than a loaded batch.
    if (!device().is_cuda()) input = clone(input);
  }
  return inputs;
}

double NetworkFixture::check_features(const JointNetwork& network) const {
  return session().feature_checks.check(session(), network, setting());
}

Work NetworkFixture::pass_work(const Lengths& lengths) const {
  const auto work_of = [&](const StageRange& range) {
    return session().stage_facts.work(candidate(), range, lengths);
  };
  const Configuration part = configuration();
  const Work tail = work_of(part.tail(architecture()));
  if (!part.joint()) return tail;
  Work work = work_of(part.trunk(architecture()));
  for (std::size_t head = 0; head < heads().size(); ++head) {
    work.macs += tail.macs;
    work.params += tail.params;
    work.item_bytes += tail.item_bytes;
    work.batch_bytes += tail.batch_bytes;
  }
  return work;
}

void NetworkFixture::add_work(Row& row, const Lengths& lengths) const {
  const Work full = session().stage_facts.work(candidate(), full_range(architecture()), lengths);
  const Work pass = pass_work(lengths);
  double networks = 1;
  if (configuration().joint()) {
    networks = static_cast<double>(heads().size());
    row.counters["heads"] = networks;
  }
  row.counters["macs"] = pass.macs;
  row.counters["params"] = static_cast<double>(pass.params);
  row.counters["macs_share"] = pass.macs / (networks * full.macs);
  row.counters["params_share"] =
      static_cast<double>(pass.params) / (networks * static_cast<double>(full.params));
}

void NetworkFixture::add_roofline(Row& row, const Lengths& lengths) const {
  const Precision& own = find_precision(precision());
  RateTable& rates = session().rates;
  const double matrix = rates.matrix(device(), peak_precision(architecture(), precision()));
  const double copy = rates.copy(device());
  apply_precision(own);
  model_search::add_roofline(
      row, pass_work(lengths), batch(),
      device().is_cuda() ? static_cast<double>(c10::elementSize(own.type)) : 4, matrix, copy);
}

void NetworkFixture::add_peak_bytes(Row& row) const {
  if (device().is_cuda()) {
    row.counters["peak_device_bytes"] = static_cast<double>(peak_bytes(device()));
  }
}

}  // namespace model_search
