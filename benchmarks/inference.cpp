// SPDX-License-Identifier: Apache-2.0
// Inference: forward of one batch that already lies on the device.
#include <algorithm>
#include <optional>
#include <vector>

#include "benchmarks/network_fixture.h"
#include "benchmarks/steps.h"
#include "fixtures/sampler.h"

namespace model_search {
namespace {

/// Distinct batches that take turns, so that no batch finds its own input in a cache.
constexpr std::int64_t distinct_batches = 4;

class Inference : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    const auto size = static_cast<std::int64_t>(batch());
    const Activations items = network_input(placement(), distinct_batches * size, size);
    const Padding padding = input().padding;
    for (std::int64_t i = 0; i < distinct_batches; ++i) {
      const Activations piece = pad(narrow(items, i * size, size), padding);
      // Copies: a slice of one tensor would have another alignment than a batch that was loaded.
      inputs_.push_back(
          {piece.values.clone(), piece.mask.defined() ? piece.mask.clone() : at::Tensor()});
      if (piece.mask.defined()) {
        lengths_.add(static_cast<double>(size), static_cast<double>(piece.mask.size(1)));
      }
    }
    network_.emplace(build_network());
    feature_distance_ = check_features(*network_);
  }

  Row measure() override {
    reset_peak_bytes(device());
    std::vector<at::Tensor> features;
    const Samples samples = sample(device(), sampling(), [&](std::size_t index) {
      features = network_->forward(inputs_[index % inputs_.size()]);
    });
    Row row;
    add_statistics(row, samples, batch());
    row.counters["distinct_items"] =
        static_cast<double>(std::min(static_cast<std::size_t>(distinct_batches) * batch(),
                                     session().data.folder(architecture().input).files.size()));
    row.counters["launch_bound"] = samples.launch_bound(device()) ? 1 : 0;
    if (device().is_cuda()) row.counters["submit_seconds"] = samples.submit;
    if (architecture().input == "text") row.counters["mean_length"] = lengths_.mean();
    row.counters["feature_distance"] = feature_distance_;
    add_work(row, lengths_);
    add_peak_bytes(row);
    if (configuration().joint()) add_gain(row);
    return row;
  }

  void release() override {
    inputs_.clear();
    network_.reset();
    lengths_ = {};
  }

 private:
  /// A joint row measures two things within its budget.
  [[nodiscard]] Sampling sampling() const {
    Sampling sampling = options().sampling;
    if (configuration().joint()) sampling.time_budget /= 2;
    return sampling;
  }

  /// The same heads as separate networks: the trunk is run again for each of them.
  void add_gain(Row& row) const {
    const Samples separate = sample(device(), sampling(), [&](std::size_t index) {
      (void)network_->forward_separately(inputs_[index % inputs_.size()]);
    });
    const double seconds = summarize(separate.measured).mean;
    row.counters["separate_seconds"] = seconds;
    row.counters["gain_over_separate"] = seconds / row.seconds;
  }

  std::vector<Activations> inputs_;
  Lengths lengths_;
  double feature_distance_ = 0;
  std::optional<JointNetwork> network_;
};

}  // namespace

std::unique_ptr<StepFixture> make_inference(Session& session, const Combination& combination) {
  return std::make_unique<Inference>(session, combination);
}

}  // namespace model_search
