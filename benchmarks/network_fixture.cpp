// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/network_fixture.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <stdexcept>

#include "fixtures/precision.h"

namespace model_search {
namespace {

constexpr std::int64_t checked_items = 4;
constexpr double cpu_tolerance = 1e-5;

}  // namespace

double feature_distance(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor difference = (a.to(at::kDouble) - b.to(at::kDouble)).norm(2, at::IntArrayRef{1});
  return (difference / b.to(at::kDouble).norm(2, at::IntArrayRef{1})).max().item<double>();
}

std::vector<Head> NetworkFixture::heads() const {
  if (!configuration().joint()) return {};
  return joint_heads(session().candidates, options(), candidate(), configuration(),
                     std::stoul(combination().key("heads", "2")));
}

JointNetwork NetworkFixture::build_network(LoadSeconds* seconds) const {
  return build_model(session().candidates, candidate(), configuration(), heads(), device(),
                     seconds);
}

Activations NetworkFixture::network_input(std::int64_t count, std::int64_t piece) const {
  const Activations items = session().data.items(input(), count);
  if (configuration().reads_items()) return copy_to(device(), items);
  const Network trunk =
      session().candidates.build(candidate(), configuration().trunk(architecture()), device());
  if (piece == 0) piece = count;
  std::vector<at::Tensor> values;
  for (std::int64_t first = 0; first < count; first += piece) {
    const std::int64_t size = std::min(piece, count - first);
    values.push_back(trunk.forward(copy_to(device(), narrow(items, first, size))));
  }
  return {values.size() == 1 ? values.front() : at::cat(values), copy_to(device(), items).mask};
}

void NetworkFixture::check_features(const JointNetwork& network) const {
  const std::string key = candidate().key + "/" + combination().configuration + "/" +
                          combination().device + "/" + precision() + "/" +
                          combination().key("heads", "2");
  if (session().checked.contains(key)) return;
  Candidates& candidates = session().candidates;
  const Device cpu{"cpu"};
  const Activations items = session().data.items(input(), checked_items);
  std::vector<at::Tensor> expected;
  for (const Head& head : heads()) {
    const JointNetwork alone = build_separate(candidates, candidate(), configuration(), head, cpu);
    expected.push_back(alone.forward(items).front());
  }
  if (expected.empty()) {
    expected.push_back(
        candidates.build(candidate(), full_range(architecture()), cpu).forward(items));
  }
  const auto require = [this](const std::vector<at::Tensor>& got,
                              const std::vector<at::Tensor>& reference, double tolerance,
                              const std::string& what) {
    for (std::size_t i = 0; i < reference.size(); ++i) {
      const double difference = feature_distance(got.at(i).cpu(), reference[i].cpu());
      // Negated, so that a NaN fails.
      if (difference <= tolerance) continue;
      throw std::runtime_error(
          "features of " + combination().subject + " " + combination().configuration +
          (reference.size() > 1 ? " (head " + std::to_string(i) + ")" : "") + " on " +
          combination().device + " differ from " + what + " by " + std::to_string(difference) +
          " (relative, worst of " + std::to_string(checked_items) + " items); at most " +
          std::to_string(tolerance) + " was expected");
    }
  };
  if (!device().is_cuda()) {
    require(network.forward(network_input(checked_items)), expected, cpu_tolerance,
            "the full network's");
  } else {
    // First that the network is the right one, in strict float32; then what its precision loses.
    apply_precision("fp32");
    const std::vector<at::Tensor> strict = network.forward(network_input(checked_items));
    require(strict, expected, precision_tolerance("fp32"), "the full network's on the CPU");
    apply_precision(precision());
    require(network.forward(network_input(checked_items)), strict, precision_tolerance(precision()),
            "those in strict float32");
  }
  session().checked.insert(key);
}

void NetworkFixture::add_work(Row& row, const Lengths& lengths) const {
  const auto work_of = [&](const StageRange& range) {
    return session().stage_facts.work(candidate(), range, lengths);
  };
  const Configuration part = configuration();
  const Work full = work_of(full_range(architecture()));
  const Work tail = work_of(part.tail(architecture()));
  Work run = tail;
  std::int64_t networks = 1;
  if (part.joint()) {
    networks = std::stoll(combination().key("heads", "2"));
    const Work trunk = work_of(part.trunk(architecture()));
    run.macs = trunk.macs + static_cast<double>(networks) * tail.macs;
    run.params = trunk.params + networks * tail.params;
    row.counters["heads"] = static_cast<double>(networks);
  }
  const auto count = static_cast<double>(networks);
  row.counters["macs"] = run.macs;
  row.counters["params"] = static_cast<double>(run.params);
  row.counters["macs_share"] = run.macs / (count * full.macs);
  row.counters["params_share"] =
      static_cast<double>(run.params) / (count * static_cast<double>(full.params));
}

void NetworkFixture::add_peak_bytes(Row& row) const {
  if (device().is_cuda()) {
    row.counters["peak_device_bytes"] = static_cast<double>(peak_bytes(device()));
  }
}

}  // namespace model_search
