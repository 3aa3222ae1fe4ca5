// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/steps/network_fixture.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <stdexcept>

#include "benchmarks/steps/roofline.h"
#include "fixtures/devices/network_input.h"
#include "fixtures/devices/precision.h"

namespace model_search {
namespace {

constexpr std::int64_t checked_items = 4;
constexpr double cpu_tolerance = 1e-5;

}  // namespace

std::vector<Counter> network_counters() {
  return {
      {"macs", "MACs", "",
       "multiply-accumulate operations for one item; WriteActivations: of the trunk"},
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
      {"peak_device_bytes", "bytes", "lower", "most bytes that tensors took on the device"},
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

double feature_distance(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor difference = (a.to(at::kDouble) - b.to(at::kDouble)).norm(2, at::IntArrayRef{1});
  return (difference / b.to(at::kDouble).norm(2, at::IntArrayRef{1})).max().item<double>();
}

std::vector<Head> NetworkFixture::heads() const {
  if (!configuration().joint()) return {};
  return joint_heads(session().candidates, options(), candidate(), configuration(),
                     static_cast<std::size_t>(combination().number(axes().heads)));
}

JointNetwork NetworkFixture::build_network(LoadSeconds* seconds) const {
  return build_model(session().candidates, candidate(), configuration(), heads(), placement(),
                     seconds);
}

at::Tensor NetworkFixture::as_stored(const at::Tensor& values) const {
  return storage() == Element::float32 ? values : values.to(scalar_type(storage()));
}

Activations NetworkFixture::network_input(const Placement& place, std::int64_t count,
                                          std::int64_t piece) const {
  const Activations items = session().data.items(input().reference(), count);
  if (configuration().reads_items()) return place_input(place, items);
  const Network trunk =
      session().candidates.build(candidate(), configuration().trunk(architecture()), place);
  if (piece == 0) piece = count;
  std::vector<at::Tensor> values;
  for (std::int64_t first = 0; first < count; first += piece) {
    const std::int64_t size = std::min(piece, count - first);
    const at::Tensor made = trunk.forward(place_input(place, narrow(items, first, size)));
    values.push_back(place.formatted(as_stored(made)));
  }
  return {values.size() == 1 ? values.front() : at::cat(values), copy_to(place.device, items).mask};
}

double NetworkFixture::check_features(const JointNetwork& network) const {
  const std::string key =
      candidate().key + "/" + combination().configuration + "/" + combination().device + "/" +
      precision() + "/" + combination().word(axes().layout) + "/" +
      combination().word(axes().storage) + "/" + std::to_string(combination().number(axes().heads));
  if (const auto known = session().checked.find(key); known != session().checked.end()) {
    return known->second;
  }
  Candidates& candidates = session().candidates;
  const Device cpu{"cpu"};
  const Activations items = session().data.items(input().reference(), checked_items);
  std::vector<at::Tensor> expected;
  for (const Head& head : heads()) {
    const JointNetwork alone = build_separate(candidates, candidate(), configuration(), head, cpu);
    expected.push_back(alone.forward(items).front());
  }
  if (expected.empty()) {
    at::Tensor& known =
        session().reference_features[candidate().key + "/" +
                                     std::to_string(combination().number(axes().max_length))];
    if (!known.defined()) {
      known = candidates.build(candidate(), full_range(architecture()), cpu).forward(items);
    }
    expected.push_back(known);
  }
  const auto require = [this](const std::vector<at::Tensor>& got,
                              const std::vector<at::Tensor>& reference, double tolerance,
                              const std::string& what) {
    double worst = 0;
    for (std::size_t i = 0; i < reference.size(); ++i) {
      const double difference = feature_distance(got.at(i).cpu(), reference[i].cpu());
      worst = std::max(worst, difference);
      // Negated, so that a NaN fails.
      if (difference <= tolerance) continue;
      throw std::runtime_error(
          "features of " + combination().subject + " " + combination().configuration +
          (reference.size() > 1 ? " (head " + std::to_string(i) + ")" : "") + " on " +
          combination().device + " differ from " + what + " by " + std::to_string(difference) +
          " (relative, worst of " + std::to_string(checked_items) + " items); at most " +
          std::to_string(tolerance) + " was expected");
    }
    return worst;
  };
  const Placement plain{device()};
  double distance = 0;
  if (!device().is_cuda()) {
    const double tolerance = storage() == Element::float32 ? cpu_tolerance : storage_tolerance();
    distance = require(network.forward(network_input(placement(), checked_items)), expected,
                       tolerance, "the full network's");
  } else {
    // First that the network is the right one, in strict float32; then what its settings lose.
    const Precision& strict = find_precision("fp32");
    const Precision& own = find_precision(precision());
    apply_precision(strict);
    std::vector<at::Tensor> reference;
    if (placement().format == plain.format && storage() == Element::float32) {
      reference = network.forward(network_input(plain, checked_items));
    } else {
      // Tails in strict float32 are checked by rows of their own.
      const Configuration whole =
          configuration().joint() ? configuration() : Configuration::parse("full");
      reference = build_model(candidates, candidate(), whole, heads(), plain)
                      .forward(place_input(plain, items));
    }
    distance = require(reference, expected, strict.tolerance, "the full network's on the CPU");
    apply_precision(own);
    const double tolerance = std::max(own.tolerance, storage_tolerance());
    distance =
        std::max(distance, require(network.forward(network_input(placement(), checked_items)),
                                   reference, tolerance, "those in strict float32"));
  }
  session().checked[key] = distance;
  return distance;
}

double NetworkFixture::storage_tolerance() const {
  // Rounding once, at the cut, to 10 or 7 bits of a fraction, amplified by the blocks that follow.
  if (storage() == Element::float16) return 0.01;
  return storage() == Element::bfloat16 ? 0.05 : 0;
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
