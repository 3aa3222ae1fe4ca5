// SPDX-License-Identifier: Apache-2.0
// WriteActivations: trunk forward of one batch and writing what it computed to the cache.
#include <algorithm>
#include <memory>
#include <optional>

#include "benchmarks/activations.h"
#include "benchmarks/network_fixture.h"
#include "benchmarks/steps.h"

namespace model_search {
namespace {

constexpr std::int64_t distinct_batches = 4;
/// What one row may leave on the disk while it measures: early cuts hold megabytes per item.
constexpr std::size_t scratch_bytes = std::size_t{4} << 30U;

class WriteActivations : public NetworkFixture {
 public:
  using NetworkFixture::NetworkFixture;

 protected:
  void prepare() override {
    trunk_.emplace(session().candidates.build(combination().subject,
                                              configuration().trunk(architecture()), device()));
    const auto size = static_cast<std::int64_t>(batch());
    const at::Tensor images = session().data.images(decoder(), distinct_batches * size);
    for (std::int64_t i = 0; i < distinct_batches; ++i) {
      inputs_.push_back(images.narrow(0, i * size, size).to(device().torch()).clone());
    }
    item_.dimensions = session().candidates.output_shape(combination().subject,
                                                         configuration().trunk(architecture()));
  }

  Row measure() override {
    const ActivationRequest request{combination().subject,
                                    configuration().trunk(architecture()),
                                    device(),
                                    decoder(),
                                    precision(),
                                    workers(),
                                    batch(),
                                    0};
    ActivationKey key = activation_key(session(), request, 0);
    // An entry of its own, which no run reads and which goes when the writer goes.
    key.items = "measured only";
    Sampling sampling = options().sampling;
    const std::size_t affordable = scratch_bytes / (item_.bytes() * batch());
    sampling.batches = std::min(sampling.batches, std::max<std::size_t>(affordable, 3));
    sampling.warmup_batches = std::min(sampling.warmup_batches, sampling.batches / 2);
    const std::size_t batches = std::max(sampling.batches, sampling.warmup_batches + 1);
    const std::unique_ptr<ActivationWriter> writer =
        session().activations.begin(key, item_, batches * batch());
    const Samples samples = sample_blocking(sampling, [&](std::size_t index) {
      const at::Tensor activations =
          trunk_->forward(inputs_[index % inputs_.size()]).cpu().contiguous();
      writer->append(
          {static_cast<const std::byte*>(activations.const_data_ptr()), activations.nbytes()});
    });

    Row row;
    add_statistics(row, samples, batch());
    row.counters["bytes_per_item"] = static_cast<double>(item_.bytes());
    row.counters["bytes_per_second"] = static_cast<double>(item_.bytes() * batch()) / row.seconds;
    const Work trunk =
        session().candidates.work(combination().subject, configuration().trunk(architecture()));
    row.counters["macs"] = static_cast<double>(trunk.macs);
    row.counters["params"] = static_cast<double>(trunk.params);
    return row;
  }

  void release() override {
    inputs_.clear();
    trunk_.reset();
  }

 private:
  std::optional<Network> trunk_;
  std::vector<at::Tensor> inputs_;
  ItemShape item_;
};

}  // namespace

std::unique_ptr<StepFixture> make_write_activations(Session& session,
                                                    const Combination& combination) {
  return std::make_unique<WriteActivations>(session, combination);
}

}  // namespace model_search
