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
    const at::Tensor items = activations_at_cut(distinct_batches * size, size);
    for (std::int64_t i = 0; i < distinct_batches; ++i) {
      // Copies: a slice of one tensor would have another alignment than a batch that was loaded.
      inputs_.push_back(items.narrow(0, i * size, size).clone());
    }
    network_.emplace(session().candidates.build(combination().subject,
                                                configuration().tail(architecture()), device()));
    check_features(*network_);
  }

  Row measure() override {
    reset_peak_bytes(device());
    at::Tensor features;
    const Samples samples = sample(device(), options().sampling, [&](std::size_t index) {
      features = network_->forward(inputs_[index % inputs_.size()]);
    });
    Row row;
    add_statistics(row, samples, batch());
    row.counters["distinct_items"] =
        static_cast<double>(std::min(static_cast<std::size_t>(distinct_batches) * batch(),
                                     session().data.folder().files.size()));
    row.counters["launch_bound"] = samples.launch_bound(device()) ? 1 : 0;
    if (device().is_cuda()) row.counters["submit_seconds"] = samples.submit;
    add_work(row);
    add_peak_bytes(row);
    return row;
  }

  void release() override {
    inputs_.clear();
    network_.reset();
  }

 private:
  std::vector<at::Tensor> inputs_;
  std::optional<Network> network_;
};

}  // namespace

std::unique_ptr<StepFixture> make_inference(Session& session, const Combination& combination) {
  return std::make_unique<Inference>(session, combination);
}

}  // namespace model_search
