// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/network_fixture.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "fixtures/precision.h"

namespace model_search {
namespace {

constexpr std::int64_t checked_items = 4;
constexpr double cpu_tolerance = 1e-5;

/// Largest relative distance of an item: |a - b| / |b|.
double distance(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor difference = (a.to(at::kDouble) - b.to(at::kDouble)).norm(2, at::IntArrayRef{1});
  return (difference / b.to(at::kDouble).norm(2, at::IntArrayRef{1})).max().item<double>();
}

}  // namespace

at::Tensor NetworkFixture::activations_at_cut(std::int64_t count, std::int64_t piece) const {
  const at::Tensor images = session().data.images(decoder(), count);
  if (configuration().full()) return images.to(device().torch());
  const Network trunk = session().candidates.build(combination().subject,
                                                   configuration().trunk(architecture()), device());
  if (piece == 0) piece = count;
  std::vector<at::Tensor> pieces;
  for (std::int64_t first = 0; first < count; first += piece) {
    const std::int64_t size = std::min(piece, count - first);
    pieces.push_back(trunk.forward(images.narrow(0, first, size).to(device().torch())));
  }
  return pieces.size() == 1 ? pieces.front() : at::cat(pieces);
}

void NetworkFixture::check_features(const Network& network) const {
  const std::string key = combination().subject + "/" + combination().configuration + "/" +
                          combination().device + "/" + precision();
  if (session().checked.contains(key)) return;
  Candidates& candidates = session().candidates;
  const at::Tensor expected =
      candidates.build(combination().subject, full_range(architecture()), Device{"cpu"})
          .forward(session().data.images(decoder(), checked_items));
  const auto require = [this](const at::Tensor& got, const at::Tensor& reference, double tolerance,
                              const std::string& what) {
    const double difference = distance(got.cpu(), reference.cpu());
    // Negated, so that a NaN fails.
    if (difference <= tolerance) return;
    throw std::runtime_error("features of " + combination().subject + " " +
                             combination().configuration + " on " + combination().device +
                             " differ from " + what + " by " + std::to_string(difference) +
                             " (relative, worst of " + std::to_string(checked_items) +
                             " items); at most " + std::to_string(tolerance) + " was expected");
  };
  if (!device().is_cuda()) {
    require(network.forward(activations_at_cut(checked_items)), expected, cpu_tolerance,
            "the full network's");
  } else {
    // First that the network is the right one, in strict float32; then what its precision loses.
    apply_precision("fp32");
    const at::Tensor strict = network.forward(activations_at_cut(checked_items));
    require(strict, expected, precision_tolerance("fp32"), "the full network's on the CPU");
    apply_precision(precision());
    require(network.forward(activations_at_cut(checked_items)), strict,
            precision_tolerance(precision()), "those in strict float32");
  }
  session().checked.insert(key);
}

void NetworkFixture::add_work(Row& row) const {
  Candidates& candidates = session().candidates;
  const std::string& subject = combination().subject;
  const Work tail = candidates.work(subject, configuration().tail(architecture()));
  const Work full = candidates.work(subject, full_range(architecture()));
  row.counters["macs"] = static_cast<double>(tail.macs);
  row.counters["params"] = static_cast<double>(tail.params);
  row.counters["macs_share"] = static_cast<double>(tail.macs) / static_cast<double>(full.macs);
  row.counters["params_share"] =
      static_cast<double>(tail.params) / static_cast<double>(full.params);
}

void NetworkFixture::add_peak_bytes(Row& row) const {
  if (device().is_cuda()) {
    row.counters["peak_device_bytes"] = static_cast<double>(peak_bytes(device()));
  }
}

}  // namespace model_search
